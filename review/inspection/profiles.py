"""Read a profile: the rules that a site is held against, with their values. What shape it has, and that it hangs together."""

from __future__ import annotations

import re
from collections.abc import Iterable, Mapping
from dataclasses import dataclass, field
from importlib.resources import files
from typing import Any, Literal, TypeAlias
from zoneinfo import ZoneInfo, ZoneInfoNotFoundError

from review.errors import FormatError, UnusableSite
from review.formats import schema
from review.formats.strict_yaml import lines_of, load
from review.messages import listed, t

Severity: TypeAlias = Literal["block", "warn", "info"]
Words: TypeAlias = Mapping[str, str]
"""A text by language: `zh` and `en`."""

Value: TypeAlias = "str | tuple[str, ...] | tuple[Mapping[str, Any], ...]"

DEFAULT = "gov-cn"
SHIPPED = (DEFAULT,)
"""The profiles that come with the program, each a file of `review/profiles`."""

_PATTERNS = ("pattern", "patterns")
_FIELDS = ("severity", "source", "rule", "do")


@dataclass(frozen=True, slots=True, kw_only=True)
class Veto:
    """From how many places on a rule alone fails an inspection, counted together with those of other rules."""

    start: int
    together: tuple[str, ...] = ()


@dataclass(frozen=True, slots=True, kw_only=True)
class Rule:
    """One rule. `source` says where it is from, `from_memory` (`yes`, `partly`, `no`) whether anybody could look it up.

    `why` is given where no program can check it. Pages that match one of `released` are not held against it.
    """

    id: str
    severity: Severity
    source: str
    rule: Words
    do: Words
    from_memory: str = "no"
    on: bool = True
    veto: Veto | None = None
    why: Words = field(default_factory=dict)
    values: Mapping[str, Value] = field(default_factory=dict)
    released: tuple[str, ...] = ()


@dataclass(frozen=True, slots=True, kw_only=True)
class Profile:
    """Rules by id, in order. `timezone` is that in which the site's pages give times.

    `labels` are the names under which pages give a fact of a document, such as 文号 or 发文字号 for `number`.
    """

    id: str
    title: Words
    timezone: ZoneInfo
    labels: Mapping[str, tuple[str, ...]]
    rules: Mapping[str, Rule]


def shipped_profile(name: str) -> Profile:
    """Return a profile that comes with the program; `UnusableSite` where none is called so."""
    return profile_of(_shipped_bytes(name))


def profile_of(data: bytes) -> Profile:
    """Return the profile that a YAML text makes; `FormatError` with its line where it makes none.

    A profile that `extends` a shipped one says only what is different: rules are matched by their id, `values` one by one.
    """
    raw = schema.check("profile", load(data), data)
    lines = lines_of(data)
    _check_twice(raw, lines)
    whole = raw
    if base := raw.get("extends"):
        if base not in SHIPPED:
            known = listed(SHIPPED)
            raise FormatError(
                t("no profile is called {name}; there are {known}", name=repr(base), known=known),
                line=lines[("extends",)],
            )
        below = _shipped_bytes(base)
        whole = _extended(schema.check("profile", load(below), below), raw)
    for key in ("id", "title", "timezone", "labels", "rules"):
        if key not in whole:
            raise FormatError(t("{name} is a required property", name=repr(key)), line=1)
    places = {one["id"]: number for number, one in enumerate(raw.get("rules", []))}
    for one in whole["rules"]:
        place = places.get(one["id"])
        line = lines.get(("rules", place), 1) if place is not None else 1
        _check_rule(one, whole["rules"], line, lines, place)
    try:
        zone = ZoneInfo(whole["timezone"])
    except (ZoneInfoNotFoundError, ValueError, OSError):
        what = t("no time zone is called {name}", name=repr(whole["timezone"]))
        raise FormatError(what, line=lines.get(("timezone",), 1)) from None
    rules = {one["id"]: _rule(one) for one in whole["rules"]}
    labels = {name: tuple(given) for name, given in whole["labels"].items()}
    return Profile(id=whole["id"], title=whole["title"], timezone=zone, labels=labels, rules=rules)


def _shipped_bytes(name: str) -> bytes:
    if name not in SHIPPED:
        known = listed(SHIPPED)
        raise UnusableSite(
            t("no profile is called {name}; there are {known}", name=repr(name), known=known),
            where="--profile",
            hint=t("name one of these, or a file that ends in .yaml"),
        )
    return files("review").joinpath("profiles", f"{name}.yaml").read_bytes()


def _extended(base: dict[str, Any], own: dict[str, Any]) -> dict[str, Any]:
    rules = {one["id"]: dict(one) for one in base["rules"]}
    for one in own.get("rules", []):
        below = rules.get(one["id"], {})
        values = {**below.get("values", {}), **one.get("values", {})}
        rules[one["id"]] = {**below, **one, **({"values": values} if values else {})}
    labels = {**base["labels"], **own.get("labels", {})}
    return {**base, **own, "labels": labels, "rules": list(rules.values())}


def _check_twice(raw: dict[str, Any], lines: Mapping[tuple[str | int, ...], int]) -> None:
    seen: set[str] = set()
    for number, one in enumerate(raw.get("rules", [])):
        if one["id"] in seen:
            raise FormatError(t("the rule {id} stands here twice", id=one["id"]), line=lines[("rules", number)])
        seen.add(one["id"])


def _check_rule(
    one: dict[str, Any],
    rules: Iterable[dict[str, Any]],
    line: int,
    lines: Mapping[tuple[str | int, ...], int],
    place: int | None,
) -> None:
    for key in _FIELDS:
        if key not in one:
            what = t(
                "the rule {id} has no {field}; if it is no rule of yours, its id is misspelled", id=one["id"], field=key
            )
            raise FormatError(what, line=line)
    known = {other["id"] for other in rules}
    for other in one.get("veto", {}).get("with", []):
        if other not in known:
            raise FormatError(t("no rule is called {id}", id=repr(other)), line=line)
    for key in _PATTERNS:
        given = one.get("values", {}).get(key, [])
        for pattern in [given] if isinstance(given, str) else given:
            text = pattern if isinstance(pattern, str) else pattern["pattern"]
            try:
                re.compile(text)
            except re.error as error:
                what = t("{pattern} is no regular expression: {problem}", pattern=repr(text), problem=str(error))
                raise FormatError(what, line=lines.get(("rules", place or 0, "values", key), line)) from None


def _rule(one: dict[str, Any]) -> Rule:
    veto = one.get("veto")
    return Rule(
        id=one["id"],
        severity=one["severity"],
        source=one["source"],
        rule=one["rule"],
        do=one["do"],
        from_memory=one.get("from_memory", "no"),
        on=one.get("on", "yes") == "yes",
        veto=Veto(start=int(veto["from"]), together=tuple(veto.get("with", ()))) if veto else None,
        why=one.get("why", {}),
        values={key: value if isinstance(value, str) else tuple(value) for key, value in one.get("values", {}).items()},
        released=tuple(one.get("released", ())),
    )
