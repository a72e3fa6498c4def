"""What does the mark on a compromised key undo? Names versions and who must sign again; which sign-offs count, others say."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass, replace
from typing import Literal, TypeAlias

from review.gate.bench import Bench
from review.gate.counting import COMPROMISED, Signed
from review.gate.online import live_version, phase
from review.gate.versions import Story, Version, tell
from review.messages import listed, t, typed
from review.model.findings import Finding, finding
from review.model.paths import POLICY, record_of

Was: TypeAlias = Literal["live", "in-review", "scheduled"]


@dataclass(frozen=True, slots=True, kw_only=True)
class Voided:
    """A version that loses sign-offs by a mark: where it stood, the stages to sign again, and who had signed them."""

    item: str
    version: int
    was: Was
    stages: tuple[str, ...]
    people: tuple[str, ...]


@dataclass(frozen=True, slots=True, kw_only=True)
class Returning:
    """A version that comes online by a mark: an older one, or one that a compromised key had withdrawn."""

    item: str
    version: int


def would_void(bench: Bench, marks: frozenset[str]) -> tuple[Voided, ...]:
    """Return what goes offline or back to an earlier stage if these keys, by fingerprint, are marked as well."""
    then = _with(bench, marks)
    return tuple(
        one for item in _signed_with(bench, marks) for one in _voided(tell(item, bench), tell(item, then), bench)
    )


def would_return(bench: Bench, marks: frozenset[str]) -> tuple[Returning, ...]:
    """Return what comes online, that is not so now, if these keys are marked as well."""
    then = _with(bench, marks)
    found = []
    for item in _signed_with(bench, marks):
        now, later = (live_version(tell(item, one), one) for one in (bench, then))
        if later is not None and (now is None or now.number != later.number):
            found.append(Returning(item=item, version=later.number))
    return tuple(found)


def objections(story: Story, live: Version | None, bench: Bench) -> Iterator[Finding]:
    """Say what of an item would be signed through if no key were marked, and what is online only because one is."""
    before = story.unmarked
    if before is None:
        return
    over = max((one.number for one in story.standing() if phase(one, bench) != "scheduled"), default=0)
    for version in before.standing():
        lost = _lost(version, story)
        if lost and version.number > over:
            yield _void(version, lost, story, live, bench)
        if phase(version, bench) != "scheduled":
            break
    if live is not None and story.withdrawn_up_to < live.number <= before.withdrawn_up_to:
        yield _online_again(live, story)


def _with(bench: Bench, marks: frozenset[str]) -> Bench:
    return replace(bench, compromised=bench.compromised | marks)


def _signed_with(bench: Bench, keys: frozenset[str]) -> list[str]:
    """Return the items that one of these keys signed anything about."""
    return sorted(
        {
            made.statement.item
            for made in bench.evidence.made.values()
            if made.statement.item != POLICY and any(one.keys & keys for one in made.attestations)
        }
    )


def _voided(now: Story, then: Story, bench: Bench) -> Iterator[Voided]:
    live = live_version(now, bench)
    for version in sorted(now.versions.values(), key=lambda one: one.number):
        was = _was(version, now, live, bench)
        lost = _lost(version, then)
        if was and lost:
            yield Voided(
                item=now.item,
                version=version.number,
                was=was,
                stages=tuple(signed.statement.stage for signed in lost),
                people=tuple(signed.statement.person for signed in lost),
            )


def _was(version: Version, story: Story, live: Version | None, bench: Bench) -> Was | None:
    if version is live:
        return "live"
    if version.number <= story.withdrawn_up_to:
        return None
    if version.complete:
        return "scheduled" if phase(version, bench) == "scheduled" else None
    under_way = version is story.newest and version.chain.good and version.returned is None
    return "in-review" if under_way else None


def _lost(version: Version, story: Story) -> tuple[Signed, ...]:
    """Return the links of a version's chain, from the first that the story does not count, which all must be made again."""
    links = version.chain.signed
    gone = (n for n, one in enumerate(links) if one.digest in story.voided or one.digest in story.hanging)
    first = next(gone, len(links))
    return links[first:]


def _void(version: Version, lost: tuple[Signed, ...], story: Story, live: Version | None, bench: Bench) -> Finding:
    item, number = story.item, version.number
    gone = listed(
        t("{id} ({name})", id=one.statement.stage, name=one.statement.person)
        for one in lost
        if one.digest in story.voided
    )
    was = phase(version, bench)
    if was == "live" and live is not None:
        message = t(
            "version {version} is not online any more, and version {older} is instead: "
            "a key that is marked as compromised signed {gone}",
            version=number,
            older=live.number,
            gone=gone,
        )
    elif was == "live":
        message = t(
            "version {version} is not online any more: a key that is marked as compromised signed {gone}",
            version=number,
            gone=gone,
        )
    elif was == "scheduled":
        message = t(
            "version {version} will not go online: a key that is marked as compromised signed {gone}",
            version=number,
            gone=gone,
        )
    else:
        message = t(
            "version {version} is not signed through any more: a key that is marked as compromised signed {gone}",
            version=number,
            gone=gone,
        )
    people = listed(dict.fromkeys(one.statement.person for one in lost))
    return finding(COMPROMISED, message, item=item, path=item, hint=_again(version, people, story, bench))


def _again(version: Version, people: str, story: Story, bench: Bench) -> str:
    """Return who signs again, and how they begin: where the rest of the chain still stands, it goes on from there."""
    newest, snapshot = story.newest, bench.evidence.head.posts.get(story.item)
    if (
        newest is not None
        and newest.number == version.number
        and newest.returned is None
        and snapshot is not None
        and snapshot.manifest == newest.chain.last.statement.manifest
    ):
        return t("{people} sign again, beginning with: qianfa approve {item}", people=people, item=typed(story.item))
    return t("{people} sign again, beginning with: qianfa submit {item}", people=people, item=typed(story.item))


def _online_again(live: Version, story: Story) -> Finding:
    said = [one for one in story.voided.values() if one.decision == "withdraw" and one.version >= live.number]
    return finding(
        COMPROMISED,
        t(
            "version {version} is online again: a key that is marked as compromised signed the withdrawal by {people}",
            version=live.number,
            people=listed(sorted({one.by for one in said})),
        ),
        item=story.item,
        path=record_of(story.item),
        hint=t("to take it off the site again: qianfa withdraw {item} --note '…'", item=typed(story.item)),
    )
