"""Who sits at the keyboard: found by the key they sign with, or named by themselves. Asks git and ssh, signs nothing."""

from __future__ import annotations

from dataclasses import dataclass

from review.errors import Refused
from review.history.repository import Repository
from review.history.signing_keys import absolute, fingerprint_of
from review.history.writing import SigningKey
from review.messages import t
from review.model.people import People


@dataclass(frozen=True, slots=True, kw_only=True)
class Identity:
    """A person, and the key they would sign with. `fingerprint` is empty for OpenPGP, known only once it has signed."""

    person: str
    key: SigningKey
    fingerprint: str


def identify(repository: Repository, people: People, *, key: str = "", named: str = "") -> Identity:
    """Return who is about to sign, by the key given (git's own where none is). `named` must agree with the key.

    An OpenPGP key does not say whose it is: then `named` must. `Refused` where the key is nobody's, or another's.
    """
    signing = SigningKey(path=absolute(key))
    fingerprint = fingerprint_of(repository, signing)
    if not fingerprint:
        if not named:
            raise Refused(t("an OpenPGP key does not say whose it is"), hint=t("say who signs with --as PERSON"))
        if named not in people.people:
            raise Refused(
                t("there is no {named}", named=repr(named)), where="people.yaml", hint=t("give a person's id")
            )
        return Identity(person=named, key=signing, fingerprint="")
    owner = people.owners.get(fingerprint)
    if owner is None:
        raise Refused(
            t("the key {fingerprint} is nobody's", fingerprint=fingerprint),
            where="people.yaml",
            hint=t("sign with your own key (--key FILE), or have an administrator add this one"),
        )
    if named and named != owner:
        raise Refused(
            t("the key is {owner}'s, not {named}'s", owner=owner, named=named),
            where="people.yaml",
            hint=t("sign with your own key: --key FILE"),
        )
    return Identity(person=owner, key=signing, fingerprint=fingerprint)


def asker(repository: Repository, people: People, *, key: str = "", named: str = "") -> str:
    """Return who asks: whoever is named, for looking needs no key; else whose key it is."""
    if named:
        if named not in people.people:
            raise Refused(
                t("there is no {named}", named=repr(named)), where="people.yaml", hint=t("give a person's id")
            )
        return named
    return identify(repository, people, key=key).person
