"""Hold a site against every rule of a profile. Pure: site, profile and moment are given, a report comes out."""

from __future__ import annotations

import datetime as dt
from collections import Counter
from collections.abc import Collection, Mapping, Sequence
from fnmatch import fnmatchcase

from review.errors import FormatError, UnusableSite
from review.inspection.cases import Case, Check, Failure
from review.inspection.profiles import Profile, Rule, nearest, nearest_rule
from review.inspection.records import Site
from review.inspection.report import Inspection, Status, Verdict
from review.inspection.rules import CHECKS
from review.messages import listed, t, typed

UNKNOWN = t("this program knows no way to check it")
_UNSOURCED = t("it is from memory, and only rules with a source are wanted")
_SKIPPED = t("it was left out by --skip")
_SWITCHED_OFF = t("the profile switches it off")


def inspect(  # what an inspection depends on, and nothing else
    site: Site,
    profile: Profile,
    moment: dt.datetime,
    *,
    output: str = "",
    language: str = "en",
    skip: Collection[str] = (),
    only_sourced: bool = False,
) -> Inspection:
    """Return what became of every rule of the profile at this moment; `UnusableSite` for a rule to skip that it has not."""
    if unknown := sorted(set(skip) - set(profile.rules)):
        raise UnusableSite(
            t("the profile has no rule {id}", id=listed(unknown)),
            where="--skip",
            hint=_meant(unknown, profile)
            or t("see its rules with: qianfa inspect {output}", output=typed(output or "OUTPUT")),
        )
    check_values(profile)
    now = moment.astimezone(profile.timezone).replace(tzinfo=None)
    found: dict[str, tuple[Status, int, str, tuple[Failure, ...]]] = {}
    for rule in profile.rules.values():
        off = _off(rule, skip, language, only_sourced=only_sourced)
        found[rule.id] = (
            (Status.OFF, 0, off, ()) if off else _judged(Case(site=site, profile=profile, rule=rule, now=now), language)
        )
    failures = {id: one[3] for id, one in found.items()}
    verdicts = tuple(
        Verdict(
            id=rule.id,
            severity=rule.severity,
            status=found[rule.id][0],
            veto=found[rule.id][0] is Status.FAIL and _is_veto(rule, failures),
            source=rule.source,
            from_memory=rule.from_memory,
            rule=_said(rule.rule, language),
            do=_said(rule.do, language),
            looked_at=found[rule.id][1],
            why=found[rule.id][2],
            failures=found[rule.id][3],
        )
        for rule in profile.rules.values()
    )
    counts = Counter(str(one.status) for one in verdicts)
    return Inspection(
        output=output,
        site=site.name,
        address=f"https://{site.host}{site.root}" if site.host else "",
        profile=profile.id,
        profile_title=_said(profile.title, language),
        as_of=moment.astimezone(profile.timezone).isoformat(timespec="seconds"),
        pages=len(site.pages),
        files=len(site.files),
        summary={
            **{str(status): counts[str(status)] for status in Status},
            "vetoes": sum(one.veto for one in verdicts),
            "checked": counts["pass"] + counts["fail"],
        },
        rules=verdicts,
    )


def _meant(unknown: Sequence[str], profile: Profile) -> str:
    found = [one for name in unknown if (one := nearest_rule(name, profile.rules))]
    return t("did you mean {nearest}?", nearest=listed(found)) if found else ""


def check_values(profile: Profile) -> None:
    """Refuse a profile that leaves out a value which the check of one of its rules needs, or has one that none looks at."""
    for rule in profile.rules.values():
        check = CHECKS.get(rule.id)
        line = profile.lines.get((rule.id,), 0)
        for name in sorted(set(rule.values) - (check.known if check else frozenset())):
            what = _no_such_value(rule.id, name, sorted(check.known) if check else ())
            raise FormatError(what, line=profile.lines.get((rule.id, name), line))
        if missing := [one for one in check.values if one not in rule.values] if check else []:
            raise FormatError(t("the rule {id} has no value {name}", id=rule.id, name=listed(missing)), line=line)
        if away := [one for one in check.after if one not in profile.rules] if check else []:
            what = t(
                "the rule {id} uses values of {others}; list them too, and switch off what you do not want",
                id=rule.id,
                others=listed(away),
            )
            raise FormatError(what, line=line)


def _no_such_value(id: str, name: str, known: Sequence[str]) -> str:
    """Say that a rule makes no use of a value, and which may have been meant."""
    if not known:
        return t("the rule {id} takes no values, and has {name}", id=id, name=repr(name))
    if meant := nearest(name, known):
        return t(
            "the rule {id} has no use for the value {name}; did you mean {nearest}?",
            id=id,
            name=repr(name),
            nearest=meant,
        )
    return t(
        "the rule {id} has no use for the value {name}; it takes {known}", id=id, name=repr(name), known=listed(known)
    )


def _off(rule: Rule, skip: Collection[str], language: str, *, only_sourced: bool) -> str:
    """Return why a rule is switched off; empty where it is not."""
    if rule.id in skip:
        return _SKIPPED
    if only_sourced and rule.from_memory == "yes":
        return _UNSOURCED
    if rule.on:
        return ""
    why = _said(rule.why, language)
    return t("the profile switches it off: {why}", why=why) if why else _SWITCHED_OFF


def _judged(case: Case, language: str) -> tuple[Status, int, str, tuple[Failure, ...]]:
    check = CHECKS.get(case.rule.id)
    if check is None or _lacks(check, case):
        return Status.UNCHECKED, 0, _said(case.rule.why, language) or UNKNOWN, ()
    subjects, rest = check.subjects(case), check.rest(case)
    if not subjects:
        return (Status.UNCHECKED, 0, rest, ()) if rest else (Status.NOT_APPLICABLE, 0, check.nothing, ())
    failures = tuple(
        sorted(
            {one for one in check.failures(case) if not _is_released(one.page, case.rule)},
            key=lambda one: (one.page, one.what),
        )
    )
    return Status.FAIL if failures else Status.PASS, len(subjects), rest, failures


def _lacks(check: Check, case: Case) -> bool:
    return any(not case.rule.values.get(one) for one in check.wanted)


def _is_released(page: str, rule: Rule) -> bool:
    return any(fnmatchcase(page, pattern) for pattern in rule.released)


def _is_veto(rule: Rule, failures: Mapping[str, tuple[Failure, ...]]) -> bool:
    """Tell whether a failed rule alone fails the inspection: by its severity, or by how often it is not kept."""
    if rule.veto is None:
        return rule.severity == "block"
    count = sum(len(failures.get(one, ())) for one in (rule.id, *rule.veto.together))
    return 0 < rule.veto.start <= count


def _said(words: Mapping[str, str], language: str) -> str:
    return words.get(language) or words.get("en", "")
