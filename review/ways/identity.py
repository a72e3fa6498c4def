"""Who sits at the keyboard: found by the key they sign with, or named by themselves. Asks git, ssh and gpg, signs nothing."""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass

from review.errors import Refused
from review.history.repository import Repository
from review.history.signing_keys import (
    KeyAtHand,
    absolute,
    configured_key,
    fingerprint_of,
    keys_at_hand,
    openpgp_keys,
    signing_key,
)
from review.history.writing import SigningKey
from review.messages import listed, t
from review.model.people import People


@dataclass(frozen=True, slots=True, kw_only=True)
class Identity:
    """A person, and the key they would sign with. `fingerprint` is empty for OpenPGP, known only once it has signed."""

    person: str
    key: SigningKey
    fingerprint: str


def identify(
    repository: Repository, people: People, *, key: str = "", named: str = "", looking: bool = False
) -> Identity:
    """Return who is about to sign: whose the key given is, else git's own, else the one at hand that somebody holds.

    Keys at hand are those that ssh-agent holds and those in ~/.ssh. `named` chooses where they are several people's, and must
    agree with the key everywhere. For somebody who is only `looking`, no program runs that the repository names. `Refused`
    where the key is nobody's, another's, or does not say whose it is.
    """
    if named and named not in people.people:
        raise Refused(t("there is no {named}", named=repr(named)), where="people.yaml", hint=t("give a person's id"))
    if not key and not configured_key(repository):
        return _at_hand(people, named)
    signing = signing_key(repository, absolute(key))
    fingerprint = fingerprint_of(repository, signing)
    if not fingerprint:
        return Identity(
            person=named or _openpgp_owner(repository, people, looking=looking), key=signing, fingerprint=""
        )
    owner = people.owners.get(fingerprint)
    if owner is None:
        raise _nobodys(fingerprint, people)
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
    return identify(repository, people, key=key, looking=True).person


def _at_hand(people: People, named: str) -> Identity:
    """Return the one person whose keys are at hand, or the one named among several."""
    keys = keys_at_hand()
    of: dict[str, KeyAtHand] = {}
    for one in keys:
        if one.fingerprint in people.owners:
            of.setdefault(people.owners[one.fingerprint], one)
    if named and of and named not in of:
        raise Refused(
            t("no key of {named} is at hand, only of {people}", named=named, people=listed(of)),
            hint=t("sign with your own key: --key FILE"),
        )
    if len(of) > 1 and not named:
        raise Refused(
            t("keys of several people are at hand: {people}", people=listed(of)),
            hint=t("say who signs with --as PERSON, or choose the key: --key FILE, or git config user.signingkey FILE"),
        )
    if not of:
        raise _none_at_hand(keys)
    person = named or next(iter(of))
    return Identity(person=person, key=of[person].key, fingerprint=of[person].fingerprint)


def _none_at_hand(keys: Iterable[KeyAtHand]) -> Refused:
    told = listed(dict.fromkeys(one.told for one in keys))
    if told:
        return Refused(
            t("no signing key is set, and none at hand is in people.yaml: {keys}", keys=told),
            hint=t("have an administrator add your .pub file, or sign with another key: --key FILE"),
        )
    return Refused(
        t("no signing key is set"),
        hint=t(
            "make one with ssh-keygen -t ed25519 and have an administrator add its .pub file, or give one: --key FILE"
        ),
    )


def _nobodys(fingerprint: str, people: People) -> Refused:
    holder = people.holder(fingerprint)
    if holder:
        return Refused(
            t("the key {fingerprint} of {holder} is marked as compromised", fingerprint=fingerprint, holder=holder),
            where="people.yaml",
            hint=t("sign with a new key, which an administrator adds"),
        )
    return Refused(
        t("the key {fingerprint} is nobody's", fingerprint=fingerprint),
        where="people.yaml",
        hint=t("sign with your own key (--key FILE), or have an administrator add this one"),
    )


def _openpgp_owner(repository: Repository, people: People, *, looking: bool) -> str:
    """Return whose certificate it is that gpg finds under git's user.signingkey."""
    owners = {people.owners[one] for one in openpgp_keys(repository, looking=looking) if one in people.owners}
    if len(owners) != 1:
        raise Refused(t("an OpenPGP key does not say whose it is"), hint=t("say who signs with --as PERSON"))
    return next(iter(owners))
