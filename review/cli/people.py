"""What administrators do with people: add, retire, keys, delegation. Each is a change of people.yaml to sign."""

from __future__ import annotations

from typing import Annotated

import typer

from review.actions import policy_edits_people as edits
from review.cli.options import Asking, spread
from review.cli.policy_editing import Anyway, carry_out, editing
from review.errors import UnusableSite
from review.formats.policy_files import PEOPLE
from review.messages import t, typed
from review.model.people import Person
from review.views.holdings import alone
from review.ways.given_keys import fingerprint_given, given_key
from review.ways.policy_editing import Workplace

PersonId = Annotated[str, typer.Argument(metavar="PERSON", help="The person's id in people.yaml.")]
Keys = Annotated[
    list[str] | None,
    typer.Option(
        "--key",
        metavar="FILE|TEXT",
        help="A public key: a .pub file, its text between quotes, or an OpenPGP certificate. May be repeated.",
    ),
]


def add_to(app: typer.Typer) -> None:
    """Add these commands."""
    people = typer.Typer(help="Who is who: people, their offices and keys.", rich_markup_mode=None)
    people.command("add")(add)
    people.command("retire")(retire)
    people.command("delegate")(delegate)
    key = typer.Typer(help="A person's public keys.", rich_markup_mode=None)
    key.command("add")(key_add)
    key.command("retire")(key_retire)
    people.add_typer(key, name="key")
    app.add_typer(people, name="people")


@spread
def add(
    person: Annotated[str, typer.Argument(metavar="PERSON", help="A new id: a-z, 0-9, hyphens.")],
    given: Asking,
    name: Annotated[str, typer.Option("--name", metavar="TEXT", help="The name, as pages show it.")] = "",
    office: Annotated[
        list[str] | None,
        typer.Option(
            "--office", metavar="OFFICE", help="An office, such as head@UNIT or leader@GROUP. May be repeated."
        ),
    ] = None,
    key: Keys = None,
    admin: Annotated[bool, typer.Option("--admin", help="Make them an administrator.")] = False,
) -> None:
    """Add somebody. Example: qianfa people add head-qishan --name 示例负责人 --office head@qishan --key head.pub"""
    with editing(given) as at:
        keys = [given_key(text, site=at.site, person=person, files=at.files) for text in key or ()]
        changed = edits.add_person(
            at.texts[PEOPLE], at.policy, person=person, name=name, offices=office or (), keys=keys, administrator=admin
        )
        carry_out(given, at, {**_certificates(keys), PEOPLE: changed})


@spread
def retire(person: PersonId, given: Asking, anyway: Anyway = False) -> None:
    """Take somebody out, and say what that leaves without anybody. Example: qianfa people retire head-meixian"""
    with editing(given) as at:
        changed = edits.retire(at.texts[PEOPLE], at.policy, person)
        carry_out(given, at, {PEOPLE: changed}, anyway=anyway, alone=alone(at.policy.people, person))


@spread
def delegate(
    office: Annotated[str, typer.Argument(metavar="OFFICE", help="The office, such as leader@county.")],
    given: Asking,
    to: Annotated[str, typer.Option("--to", metavar="PERSON", help="Who stands in.")] = "",
    end: Annotated[bool, typer.Option("--end", help="Take it back.")] = False,
    anyway: Anyway = False,
) -> None:
    """Have somebody stand in for an office's holder (代签). Example: qianfa people delegate leader@county --to leader-2"""
    if not to:
        raise UnusableSite(t("it is not said who"), where="--to", hint=t("name the person who stands in: --to PERSON"))
    with editing(given) as at:
        act = edits.end_delegation if end else edits.delegate
        carry_out(given, at, {PEOPLE: act(at.texts[PEOPLE], at.policy, office, to)}, anyway=anyway)


@spread
def key_add(person: PersonId, given: Asking, key: Keys = None) -> None:
    """Add a key to somebody's. Example: qianfa people key add head-meixian --key head.pub"""
    with editing(given) as at:
        keys = [given_key(text, site=at.site, person=person, files=at.files) for text in _wanted(key)]
        changed, policy = at.texts[PEOPLE], at.policy
        for one in {key.fingerprint: key for key in keys}.values():
            changed = edits.add_key(changed, policy, person, one)
        carry_out(given, at, {**_certificates(keys), PEOPLE: changed})


@spread
def key_retire(
    person: PersonId,
    given: Asking,
    key: Annotated[
        str, typer.Option("--key", metavar="FINGERPRINT|FILE", help="The key, as ssh-keygen -l shows it, or its file.")
    ] = "",
    compromised: Annotated[
        bool,
        typer.Option("--compromised", help="It was lost or stolen: nothing that it ever signed counts any more."),
    ] = False,
    anyway: Anyway = False,
) -> None:
    """Take a key out, or mark it. Example: qianfa people key retire head-meixian --key SHA256:… --compromised"""
    with editing(given) as at:
        former = _former(at, person) if compromised else {}
        someone = at.policy.people.people.get(person)
        known = [*former, *([*someone.keys, *someone.compromised] if someone else ())]
        named = _wanted([key] if key else None)[0]
        fingerprint = fingerprint_given(named, site=at.site, person=person, files=at.files, known=known)
        data, files = at.texts[PEOPLE], at.texts
        if not compromised:
            changed = edits.remove_key(data, at.policy, person, fingerprint, files)
        elif fingerprint in former and not (someone and fingerprint in (*someone.keys, *someone.compromised)):
            whose, text = former[fingerprint]
            changed = edits.list_marked(data, at.policy, former=whose, text=text)
        else:
            changed = edits.mark_key(data, at.policy, person, fingerprint, files)
        carry_out(given, at, {PEOPLE: changed}, anyway=anyway or compromised, notes=_keyless(at, person, fingerprint))


def _wanted(keys: list[str] | None) -> list[str]:
    if not keys:
        raise UnusableSite(t("it is not said which"), where="--key", hint=t("name the key: --key FILE"))
    return keys


def _certificates(keys: list[edits.GivenKey]) -> dict[str, bytes]:
    return {key.text: key.certificate for key in keys if key.certificate}


def _former(at: Workplace, person: str) -> dict[str, tuple[Person, str]]:
    """Return the keys that somebody had under the policies so far: fingerprint to the person as they were, and text."""
    found: dict[str, tuple[Person, str]] = {}
    for version in (at.bench.versions[number] for number in sorted(at.bench.versions)) if at.bench else ():
        was = version.policy.people.people.get(person)
        if was is not None:
            found.update({key: (was, text) for key, text in zip(was.keys, was.public_keys, strict=False)})
    return found


def _keyless(at: Workplace, person: str, fingerprint: str) -> list[str]:
    """Say that somebody is left without a key."""
    someone = at.policy.people.people.get(person)
    if someone is None or [key for key in someone.keys if key != fingerprint]:
        return []
    return [
        t(
            "{person} has no key left. To give a new one: qianfa people key add {person} --key FILE.pub",
            person=typed(person),
        )
    ]
