"""Say in our words what the renderer's process wrote down: problems and warnings. Only text comes over from there."""

from __future__ import annotations

import re
from dataclasses import dataclass

from review.messages import t

LONGEST = 600
"""Characters of a line that are shown."""

_LEFT_ASIDE = re.compile(r"(?P<file>[\w.]+): (?P<name>\w+) is not open to it and was left aside")
_NO_NUMBER = re.compile(r"(?P<file>[\w.]+): (?P<name>\w+) is (?P<value>.+), expected a number from 1 to (?P<most>\d+)")
_NO_COPIES = re.compile(r"(?P<file>.+): (?P<what>the picture .+), so no smaller copies of it were made")
_TOO_LARGE = re.compile(r"the picture has more than (?P<count>\d+) million pixels")
_TOO_LONG = re.compile(r"the picture is more than (?P<count>\d+) pixels wide or high")
_TOO_MANY = re.compile(r"the picture is beyond the (?P<count>\d+) million pixels that are unpacked for one post")
_UNREADABLE = "the picture cannot be read, or only part of it"
_IN_TEMPLATE = re.compile(r"(?P<where>theme/[^:]+:\d+): (?P<words>(?P<kind>\w+): .*)")
_IN_SETTINGS = re.compile(r"(?P<where>pelicanconf\.py:\d+): (?P<words>.*)")
_NO_TEMPLATE = re.compile(r"PelicanTemplateNotFound: .* unable to load (?P<name>[\w-]+)\[.*")
_WHATEVER_THE_POST = frozenset(
    {"TemplateSyntaxError", "TemplateAssertionError", "TemplateNotFound", "TemplatesNotFound"}
)


@dataclass(frozen=True, slots=True, kw_only=True)
class Problem:
    """Why nothing was rendered: what, where and what to do."""

    what: str
    where: str
    hint: str = ""


def printable(line: str) -> str:
    """Return a line without what would move the cursor or ring a bell."""
    return "".join(character if character.isprintable() else " " for character in line)[:LONGEST]


def problem(line: str, item: str) -> Problem:
    """Return what a line of the worker's says; `item` is the post that it was at, which need not be to blame."""
    if found := _IN_TEMPLATE.fullmatch(line):
        hint = t("set the template right, look with qianfa policy diff, and sign: qianfa policy sign")
        if item and found["kind"] not in _WHATEVER_THE_POST:
            hint = t("it was at the page of {item}; {hint}", item=item, hint=hint)
        return Problem(what=found["words"], where=found["where"], hint=hint)
    if found := _IN_SETTINGS.fullmatch(line):
        hint = t("set the settings right, look with qianfa policy diff, and sign: qianfa policy sign")
        return Problem(what=found["words"], where=found["where"], hint=hint)
    if found := _NO_TEMPLATE.fullmatch(line):
        return Problem(
            what=t("there is no such template, and no page can be made without it"),
            where=f"theme/templates/{found['name']}.html",
            hint=t("set the template right, look with qianfa policy diff, and sign: qianfa policy sign"),
        )
    return Problem(what=known(line), where=item)


def known(line: str) -> str:
    """Return a line of the worker's as a message, where it is one of ours."""
    if found := _LEFT_ASIDE.fullmatch(line):
        return t("{file}: {name} is not open to it and was left aside", **found.groupdict())
    if found := _NO_NUMBER.fullmatch(line):
        return t("{file}: {name} is {value}, expected a number from 1 to {most}", **found.groupdict())
    if found := _NO_COPIES.fullmatch(line):
        return t(
            "{file}: {what}, so no smaller copies of it were made", file=found["file"], what=_reason(found["what"])
        )
    return line


def _reason(said: str) -> str:
    if found := _TOO_LARGE.fullmatch(said):
        return t("the picture has more than {count} million pixels", **found.groupdict())
    if found := _TOO_LONG.fullmatch(said):
        return t("the picture is more than {count} pixels wide or high", **found.groupdict())
    if found := _TOO_MANY.fullmatch(said):
        return t("the picture is beyond the {count} million pixels that are unpacked for one post", **found.groupdict())
    return t("the picture cannot be read, or only part of it") if said == _UNREADABLE else said
