"""What of a post is not there, and how it comes back: its record, its files. Nothing is written here."""

from __future__ import annotations

import datetime as dt
from collections.abc import Collection

from review.actions.drafting import checked_header, kinds_for, likely_kind, units_of
from review.errors import Refused, UnusableSite
from review.formats.records import serialise_header
from review.gate.bench import Bench
from review.gate.versions import Version, tell
from review.messages import all_typed, listed, t, typed
from review.model.paths import attachments_of, column_of, record_of
from review.model.policies import Policy


def way_back(version: Version, item: str) -> str:
    """Return the command that brings a version's files back as they were signed; empty where no commit holds them."""
    if not version.chain.commit or version.chain.snapshot is None:
        return ""
    paths = [item, record_of(item)]
    if any(file.path != item for file in version.chain.snapshot.files):
        paths.append(attachments_of(item))
    return f"git checkout {typed(version.chain.commit[:12])} -- {all_typed(paths)}"


def refuse_deleted(bench: Bench, item: str, committed: Collection[str], working: Collection[str]) -> None:
    """Raise `Refused`, with the command that brings it back, where a post that somebody signed was deleted.

    `UnusableSite` where it is only the work tree that has it no more.
    """
    if item in working:
        return
    if item in committed:
        hint = t("bring it back: git checkout HEAD -- {item}", item=typed(item))
        raise UnusableSite(t("there is no such post in the work tree"), where=item, hint=hint)
    newest = tell(item, bench).newest
    if newest is not None and (command := way_back(newest, item)):
        raise Refused(
            t("the post was deleted; version {number} of it is signed", number=newest.number),
            where=item,
            hint=t("bring it back without a new version: {command} && git commit -m 'bring it back'", command=command),
        )


def lost_record(bench: Bench, item: str, committed: Collection[str]) -> str:
    """Return how the record of a post comes back that has none in the work tree; empty where it never had one."""
    if record_of(item) in committed:
        return t("bring it back: git checkout HEAD -- {item}", item=typed(record_of(item)))
    newest = tell(item, bench).newest
    command = way_back(newest, item).partition(" -- ")[0] if newest else ""
    if command:
        return t("bring it back: {command}", command=f"{command} -- {typed(record_of(item))}")
    return ""


def units_for(policy: Policy, item: str, person: str) -> list[str]:
    """Return the units that a person drafts for and that may write for the column of a post."""
    column = policy.columns.columns.get(column_of(item))
    units = policy.people.units
    return [one for one in units_of(policy, person) if column and column.takes_from(one, units[one].group)]


def first_record(policy: Policy, item: str, person: str, today: dt.date, *, unit: str = "") -> bytes:
    """Return the record of a post that was written by hand, from what is known: its folder, and who drafts it.

    It says that nothing of the post is classified, which whoever hands it in must have said. `Refused` where the unit is not
    plain.
    """
    units = [unit] if unit else units_for(policy, item, person)
    if len(units) != 1:
        own = units or units_of(policy, person)
        what = t("{person} drafts for no unit", person=person)
        if own:
            what = t("{person} drafts for {units}", person=person, units=listed(own))
        raise Refused(what, where=item, hint=t("say which with --unit"))
    column = policy.columns.columns.get(column_of(item))
    known = units[0] in policy.people.units
    kind = likely_kind(column, kinds_for(policy, units[0])) if column and known else ""
    return serialise_header(checked_header(policy, column=column_of(item), unit=units[0], kind=kind, today=today))
