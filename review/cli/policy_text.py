"""What is said of policies in words: what differs, what was signed, which versions there are. No command here."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from dataclasses import dataclass

from review.cli.language import told
from review.cli.lines import one_line, paragraph, unbroken, when
from review.cli.policy_editing import bullets
from review.messages import all_typed, listed, t
from review.model.cautions import Caution
from review.views.policy_log import Entry, Signature
from review.views.policy_sentences import Change
from review.ways.policy_cautions import told as as_sentence
from review.ways.policy_reading import Difference
from review.ways.policy_signing import Proposal, SignedPolicy


@dataclass(frozen=True, slots=True, kw_only=True)
class Logged:
    """A version and what it changed."""

    entry: Entry
    changes: tuple[Change, ...]


@dataclass(frozen=True, slots=True, kw_only=True)
class Log:
    """All versions, those that wait last."""

    versions: tuple[Logged, ...]


_MANY = 10
"""Files that are named one by one."""


def different(found: Difference) -> str:
    """Return what differs between two policies, and what lies beside the second that cannot be signed."""
    return "\n".join([*_different(found), *_untracked(found.after.untracked)])


def _untracked(files: Sequence[str]) -> Iterator[str]:
    """Yield what git does not know, and how it gets to know it."""
    if not files:
        return
    yield from paragraph(
        t("Git does not know these files, so they are no part of it, and a signature says nothing of them:")
    )
    yield from bullets(files[:_MANY])
    if len(files) > _MANY:
        yield from bullets([t("and {count} more", count=len(files) - _MANY)])
    yield from paragraph(t("To have them signed as well:"))
    yield unbroken(
        "git add " + all_typed(files if len(files) <= _MANY else sorted({_top(one) for one in files})), indent=2
    )


def _top(path: str) -> str:
    return path.partition("/")[0]


def _different(found: Difference) -> Iterator[str]:
    names = {"before": found.before.name, "after": found.after.name}
    if found.same:
        yield from paragraph(t("Nothing differs: {after} has the very files of {before}.", **names))
        yield from _cautions(found.cautions)
        return
    yield from paragraph(t("From {before} to {after}:", **names))
    yield from bullets(change.text for change in found.changes)
    if found.after.problems:
        yield from paragraph(t("It is not valid yet, so nobody can sign it:"))
        yield from bullets(found.after.problems)
    yield from _cautions(found.cautions)


def _cautions(cautions: Sequence[Caution]) -> Iterator[str]:
    """Yield what is wrong with a policy that is valid as such."""
    if cautions:
        yield from paragraph(t("Look at this before it is signed:"))
        yield from bullets([as_sentence(one) for one in cautions])


def proposed(about: Proposal) -> str:
    """Return what an administrator is about to sign."""
    lines = list(_different(about.difference) if about.difference else _cautions(about.stops))
    lines += _untracked(about.difference.after.untracked) if about.difference else ()
    lines += paragraph(
        t(
            "With your signature, {by}, you approve every policy file as it is here, as version {version}, with this code:",
            by=about.by,
            version=about.version,
        )
    )
    lines.append(unbroken(about.code, indent=2))
    return "\n".join(lines)


def signed(made: SignedPolicy) -> str:
    """Return what a signature came to."""
    head = t(
        "Version {version} of the policy is signed  commit {commit}", version=made.version, commit=made.commit[:12]
    )
    lines = [one_line(head)]
    if made.missing:
        lines += paragraph(
            t(
                "{missing} more must sign, of {may_sign}: qianfa policy sign",
                missing=made.missing,
                may_sign=listed(made.may_sign),
            )
        )
    else:
        lines += [one_line(t("It is in force. Whoever pins this version gives:")), unbroken(made.manifest, indent=2)]
    lines += _untracked(made.untracked)
    return "\n".join(lines)


def logged(log: Sequence[Logged]) -> str:
    """Return the versions, one paragraph each."""
    return "\n\n".join("\n".join(_logged(one)) for one in log)


def _logged(one: Logged) -> Iterator[str]:
    entry = one.entry
    yield one_line(_head(entry))
    yield unbroken(entry.manifest, indent=2)
    for signature in entry.signatures:
        yield from paragraph(_signature(signature), indent=2)
    if entry.state == "waiting":
        if entry.missing:
            yield from paragraph(
                t("{missing} more must sign, of {may_sign}: qianfa policy sign", missing=entry.missing,
                  may_sign=listed(entry.may_sign)),
                indent=2,
            )  # fmt: skip
        if not entry.here:
            yield from paragraph(t("its files are not those of this commit any more"), indent=2)
    for line in bullets(change.text for change in one.changes):
        yield f"  {line}"


def _head(entry: Entry) -> str:
    what = {
        "version": entry.version,
        "needs": entry.needs,
        "count": len(entry.administrators),
        "code": entry.code,
        "commit": entry.commit[:12],
    }
    match entry.state:
        case "in-force":
            return t(
                "Version {version}, in force: {needs} of {count} administrators, code {code}, commit {commit}", **what
            )
        case "waiting":
            return t("Version {version} waits: {needs} of {count} administrators, code {code}", **what)
    return t("Version {version}: {needs} of {count} administrators, code {code}, commit {commit}", **what)


def _signature(one: Signature) -> str:
    what = {"by": one.by, "name": one.name, "at": when(one.at), "note": one.note, "commit": one.commit[:12]}
    if one.note:
        return told(t("{at}  {by} ({name})  commit {commit}: {note}", **what))
    return told(t("{at}  {by} ({name})  commit {commit}", **what))
