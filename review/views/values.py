"""What reviewers are likely to object to in what the meta lines say: values that pages, lists and inspections do not know."""

from __future__ import annotations

from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass, field

from review.formats.front_matter import is_web_address, split_list
from review.formats.index_numbers import fits, misspelt
from review.formats.post_values import (
    DISCLOSURES,
    PUBLISHABLE,
    RESOURCE_KINDS,
    VALIDITIES,
    is_closed,
    related_items,
    resource_kind,
)
from review.messages import listed, t
from review.model.instants import is_date, parse_date
from review.views.objections import Draft, Objection

HERE = "here"
"""How a post stands of which only the file is known."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Surroundings:
    """What a post is held against: the site's pattern of index numbers, which posts have which, and how others stand.

    `numbers` are posts by index number. `standing` has the state of each post that there is, as the gate reports it, or `HERE`.
    """

    pattern: str = ""
    numbers: Mapping[str, Sequence[str]] = field(default_factory=dict)
    standing: Mapping[str, str] = field(default_factory=dict)


def about_values(draft: Draft, around: Surroundings) -> Iterator[Objection]:
    """Yield what is odd about single values; where the post has no such line, nothing."""
    yield from _disclosure(draft)
    yield from _validity(draft)
    yield from _kind(draft)
    yield from _asked(draft)
    yield from _index_number(draft, around)
    yield from _related(draft, around.standing)


def _disclosure(draft: Draft) -> Iterator[Objection]:
    line, value = draft.fields.get("disclosure", (0, ""))
    if is_closed(value):
        what, hint = not_for_everyone(value)
        yield Objection(code="not-for-publication", severity="refuse", path=draft.item, line=line, what=what, hint=hint)
    elif value and value not in DISCLOSURES:
        what = t("Disclosure is {value}, and inspectors know {known}", value=repr(value), known=listed(DISCLOSURES))
        yield draft.warn("value-unknown", what, t("write Disclosure: {value}", value=PUBLISHABLE), line=line)


def not_for_everyone(disclosure: str) -> tuple[str, str]:
    """Return what there is against a post that says of itself that not everyone may see it, and what to do."""
    return (
        t("it says {value} of itself, and would be published for everyone", value=disclosure),
        t("hand in only what may be published; if this may be, write Disclosure: {value}", value=PUBLISHABLE),
    )


def _validity(draft: Draft) -> Iterator[Objection]:
    line, value = draft.fields.get("validity", (0, ""))
    if value and value not in VALIDITIES:
        what = t("Validity is {value}, and inspectors know {known}", value=repr(value), known=listed(VALIDITIES))
        yield draft.warn("value-unknown", what, t("write one of these"), line=line)


def _kind(draft: Draft) -> Iterator[Objection]:
    line, value = draft.fields.get("resource_kind", (0, ""))
    if value and not resource_kind(value):
        known = listed(t("{kind} or {name}", kind=kind, name=name) for kind, name in RESOURCE_KINDS.items())
        what = t("Resource_kind is {value}, and the filters of the page know {known}", value=repr(value), known=known)
        yield draft.warn("value-unknown", what, t("write one of these"), line=line)


def _asked(draft: Draft) -> Iterator[Objection]:
    line, value = draft.fields.get("asked", (0, ""))
    if value and not is_date(value):
        what = t("Asked is {value}, expected a day such as 2026-11-20", value=repr(value))
        yield draft.warn("value-unknown", what, t("write the day on which the question came"), line=line)
    elif value and parse_date(value) > draft.now.date():
        what = t("Asked is {value}, a day that is still to come", value=value)
        yield draft.warn("dates-odd", what, t("write the day on which the question came"), line=line)


def _index_number(draft: Draft, around: Surroundings) -> Iterator[Objection]:
    line, value = draft.fields.get("index_number", (0, ""))
    if not value:
        return
    if not fits(value, around.pattern):
        what, hint = misspelt(value, around.pattern)
        yield draft.warn("index-number-odd", what, hint, line=line)
    others = [item for item in around.numbers.get(value, ()) if item != draft.item]
    if others:
        what = t("the index number {number} is that of {posts}, too", number=value, posts=listed(others[:3]))
        yield draft.warn("index-number-twice", what, t("give each document a number of its own"), line=line)


def _related(draft: Draft, standing: Mapping[str, str]) -> Iterator[Objection]:
    line, value = draft.fields.get("related", (0, ""))
    for name in split_list(value):
        if is_web_address(name):
            continue
        found = next((item for item in related_items(name, draft.item) if item in standing), "")
        if not found:
            what = t("Related names {name}, and there is no such post", name=name)
            hint = t("write a post's path, such as content/notices/2026-11-20-a.md, or an address with https://")
            yield draft.warn("related-dead", what, hint, line=line)
        elif found == draft.item:
            yield draft.warn("related-dead", t("Related names the post itself"), t("name another post"), line=line)
        elif standing[found] in ("withdrawn", "expired", "refused"):
            what = t("Related names {item}, which is not online and will not be", item=found)
            yield draft.warn("related-dead", what, t("name another post, or take it out"), line=line)
        elif standing[found] not in (HERE, "live"):
            what = t("Related names {item}, which is not online yet", item=found)
            hint = t("nothing to do if it comes online before this post does: until then the page leaves it out")
            yield draft.warn("related-waits", what, hint, line=line)
