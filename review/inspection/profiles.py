"""Read a profile: the rules that a site is held against, with their values. What shape it has, and that it hangs together."""

from __future__ import annotations

import re
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass, field
from difflib import get_close_matches
from functools import cache
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
SHIPPED = (DEFAULT, "association")
"""The profiles that come with the program, each a file of `review/profiles`."""

_ID = re.compile(r"[A-Z][A-Z0-9]{1,9}-[0-9]{2}")
_IDS_ALIKE, _OF_ONE_FAMILY = 0.8, 0.5
"""How alike two ids of rules are where one was meant for the other: of six characters five are the same, or the family."""

_PATTERNS = ("pattern", "patterns")
_FIELDS = ("severity", "source", "rule", "do")


@dataclass(frozen=True, slots=True, kw_only=True)
class Veto:
    """From how many places on a rule alone fails an inspection, counted together with those of other rules; 0 is never."""

    start: int
    together: tuple[str, ...] = ()


@dataclass(frozen=True, slots=True, kw_only=True)
class Rule:
    """One rule. `source` says where it is from, `from_memory` (`yes`, `partly`, `no`) whether anybody could look it up.

    `why` is given where no program can check it, or why it is not `on`. Pages that match one of `released` are not held
    against it.
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

    `labels` are the names under which pages give a fact of a document, such as 文号 or 发文字号 for `number`. `lines` are
    those of the file where a rule stands, `("UPD-01",)`, and a value of it, `("UPD-01", "days")`; what comes from the profile
    that it extends has none.
    """

    id: str
    title: Words
    timezone: ZoneInfo
    labels: Mapping[str, tuple[str, ...]]
    rules: Mapping[str, Rule]
    lines: Mapping[tuple[str, ...], int] = field(default_factory=dict)


def shipped_profile(name: str) -> Profile:
    """Return a profile that comes with the program; `UnusableSite` where none is called so."""
    return profile_of(_shipped_bytes(name))


def profile_of(data: bytes) -> Profile:
    """Return the profile that a YAML text makes; `FormatError` with its line where it makes none.

    A profile that `extends` a shipped one says only what is different: rules are matched by their id, `values` one by one.
    """
    value, lines = load(data), lines_of(data)
    _check_ids(value, lines)
    raw = schema.check("profile", value, data)
    _check_twice(raw, lines)
    whole = _whole(raw, lines)
    for key in ("id", "title", "timezone", "labels", "rules"):
        if key not in whole:
            raise FormatError(t("{name} is a required property", name=repr(key)), line=1)
    places = {one["id"]: number for number, one in enumerate(raw.get("rules", []))}
    below = [one["id"] for one in whole["rules"] if one["id"] not in places]
    for one in whole["rules"]:
        place = places.get(one["id"])
        line = lines.get(("rules", place), 1) if place is not None else 1
        _check_rule(one, whole["rules"], line, lines, place, below)
    try:
        zone = ZoneInfo(whole["timezone"])
    except (ZoneInfoNotFoundError, ValueError, OSError):
        what = t("no time zone is called {name}", name=repr(whole["timezone"]))
        raise FormatError(what, line=lines.get(("timezone",), 1)) from None
    rules = {one["id"]: _rule(one) for one in whole["rules"]}
    labels = {name: tuple(given) for name, given in whole["labels"].items()}
    return Profile(
        id=whole["id"],
        title=whole["title"],
        timezone=zone,
        labels=labels,
        rules=rules,
        lines=_lines_by_rule(raw, lines),
    )


def nearest(name: str, known: Iterable[str], *, alike: float = 0.6) -> str:
    """Return the name that somebody may have meant; empty where none is like it."""
    by_lower = {one.lower(): one for one in known}
    found = get_close_matches(name.lower(), by_lower, n=1, cutoff=alike)
    return by_lower[found[0]] if found else ""


def nearest_rule(id: str, known: Iterable[str]) -> str:
    """Return the id of a rule that somebody may have meant; empty where none is like it, and none of its family is there."""
    ids = tuple(known)
    family = [one for one in ids if one.partition("-")[0] == id.upper().partition("-")[0]]
    return nearest(id, ids, alike=_IDS_ALIKE) or nearest(id, family, alike=_OF_ONE_FAMILY)


def _shipped_bytes(name: str) -> bytes:
    if name not in SHIPPED:
        known = listed(SHIPPED)
        raise UnusableSite(
            t("no profile is called {name}; there are {known}", name=repr(name), known=known),
            where="--profile",
            hint=t("name one of these, or a file that ends in .yaml"),
        )
    return files("review").joinpath("profiles", f"{name}.yaml").read_bytes()


def _whole(raw: dict[str, Any], lines: Mapping[tuple[str | int, ...], int]) -> dict[str, Any]:
    """Return a profile with all that it takes from the one that it extends, and that one from another."""
    base = raw.get("extends")
    if base is None:
        return raw
    if base not in SHIPPED:
        known = listed(SHIPPED)
        raise FormatError(
            t("no profile is called {name}; there are {known}", name=repr(base), known=known),
            line=lines.get(("extends",), 1),
        )
    below = _shipped_bytes(base)
    return _extended(_whole(schema.check("profile", load(below), below), {}), raw)


def _lines_by_rule(raw: dict[str, Any], lines: Mapping[tuple[str | int, ...], int]) -> dict[tuple[str, ...], int]:
    found: dict[tuple[str, ...], int] = {}
    for number, one in enumerate(raw.get("rules", [])):
        found[one["id"],] = lines[("rules", number)]
        for name in one.get("values", {}):
            found[one["id"], name] = lines[("rules", number, "values", name)]
    return found


def _extended(base: dict[str, Any], own: dict[str, Any]) -> dict[str, Any]:
    rules = {one["id"]: dict(one) for one in base["rules"]}
    for one in own.get("rules", []):
        below = rules.get(one["id"], {})
        if one.get("on") == "no":
            below = {key: value for key, value in below.items() if key != "why"}  # that was why nobody can check it
        values = {**below.get("values", {}), **one.get("values", {})}
        rules[one["id"]] = {**below, **one, **({"values": values} if values else {})}
    labels = {**base["labels"], **own.get("labels", {})}
    return {**base, **own, "labels": labels, "rules": list(rules.values())}


def _check_ids(value: object, lines: Mapping[tuple[str | int, ...], int]) -> None:
    """Refuse an id that is nearly that of a shipped rule: it would be a rule of its own, or none, and change nothing."""
    rules = value.get("rules") if isinstance(value, dict) else None
    for number, one in enumerate(rules if isinstance(rules, list) else ()):
        id = one.get("id") if isinstance(one, dict) else None
        if isinstance(id, str) and not _ID.fullmatch(id) and (meant := nearest_rule(id, _shipped_ids())):
            what = t("no rule is called {id}; did you mean {nearest}?", id=repr(id), nearest=meant)
            raise FormatError(what, line=lines.get(("rules", number, "id"), 1))


@cache
def _shipped_ids() -> tuple[str, ...]:
    below = _shipped_bytes(DEFAULT)
    return tuple(one["id"] for one in schema.check("profile", load(below), below)["rules"])


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
    below: Sequence[str],
) -> None:
    for key in _FIELDS:
        if key not in one:
            if meant := nearest_rule(one["id"], below):
                what = t("no rule is called {id}; did you mean {nearest}?", id=repr(one["id"]), nearest=meant)
                raise FormatError(what, line=line)
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
