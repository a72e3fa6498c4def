"""What keeps a post from being handed in, before the gate is asked: nothing in it, a file that stays back, another's office."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import replace

from review.actions.change import ask
from review.actions.media import line_of
from review.actions.post_files import is_empty
from review.errors import Refused
from review.formats.active_content import active_content
from review.formats.camera_files import camera_bytes, way_out
from review.formats.front_matter import parse_post
from review.formats.pictures import in_words
from review.formats.post_values import is_closed
from review.gate.bench import Bench
from review.messages import either, t
from review.model.evidence import Snapshot
from review.model.paths import attachments_of, column_of, length_problem
from review.model.people import SUBMITTING_UNIT
from review.model.policies import Policy
from review.model.statements import Statement
from review.views.file_kinds import EMPTY, EMPTY_HINT
from review.views.meaning import Turn
from review.views.values import not_for_everyone


def refuse_empty(item: str, files: Mapping[str, tuple[str, bytes]], snapshot: Snapshot) -> None:
    """Raise `Refused` where a page would show nothing but a title. What cannot be read is left to the gate."""
    if not snapshot.text_problems and is_empty(item, files):
        raise Refused(
            t("the post has no text, no picture and no other file"),
            where=item,
            hint=t("write the text below the empty line that ends the meta lines"),
        )


def refuse_closed(item: str, files: Mapping[str, tuple[str, bytes]], policy: Policy) -> None:
    """Raise `Refused` where a post says of itself that it is not for everyone. What cannot be read is left to the gate."""
    if item not in files:
        return
    column = policy.columns.columns.get(column_of(item))
    front, _ = parse_post(files[item][1], column.metadata if column else ())
    disclosure = front.fields.get("disclosure", "") if front else ""
    if is_closed(disclosure):
        what, hint = not_for_everyone(disclosure)
        raise Refused(what, where=f"{item}:{line_of('disclosure', files[item][1])}", hint=hint)


def refuse_withheld(item: str, files: Mapping[str, tuple[str, bytes]]) -> None:
    """Raise `Refused` where an attachment has no bytes, or would not be published.

    That is one that would run on the site, that tells too much after it was cleaned, or that has too long a path.
    """
    folder = attachments_of(item)
    for path in sorted(path for path in files if path.startswith(folder)):
        data = files[path][1]
        if not data:
            raise Refused(EMPTY, where=path, hint=EMPTY_HINT)
        if active := active_content(path.removeprefix(folder), data):
            raise Refused(active.what, where=path, hint=active.hint)
        if what := length_problem(path):
            raise Refused(what, where=path, hint=t("give it a shorter name"))
        told = camera_bytes(data)
        if told and told.withheld:
            what = t("it carries {what}, so it would not be published", what=in_words(told.carries))
            raise Refused(what, where=path, hint=way_out(told.kind))


def refuse_another_office(bench: Bench, said: Statement, snapshot: Snapshot, turn: Turn, could: Sequence[str]) -> None:
    """Raise `Refused` where whoever hands in holds no office for it; the offices are named with the unit's id."""
    header, people = snapshot.header, bench.in_force.policy.people
    if header is None or turn.stage is None or people.holds(said.by, turn.stage.by, header.unit):
        return
    offices = [replace(one, place=header.unit) if one.place == SUBMITTING_UNIT else one for one in turn.stage.by]
    what = t(
        "{person} would sign {stage} without the office {offices}",
        person=said.by,
        stage=said.stage,
        offices=either(map(str, offices)),
    )
    raise Refused(what, where=said.item, hint=ask(could))
