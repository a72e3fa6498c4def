"""The way of a change to the columns: what posts there are says what may become of a column. Writes nothing itself."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, replace

from review.actions import policy_edits_columns as edits
from review.actions.policy_edits_names import known_column
from review.errors import Refused
from review.formats.policy_files import COLUMNS, PEOPLE
from review.history.work_tree import posts_of
from review.messages import all_typed, listed, t, typed
from review.model.paths import POLICY, column_of
from review.ways.policy_editing import Workplace, parsed


@dataclass(frozen=True, slots=True, kw_only=True)
class Edited:
    """The files with a column added or closed, and what is to be said about its posts."""

    edits: Mapping[str, bytes]
    notes: tuple[str, ...]


def added(at: Workplace, *, id: str, under: str, title: str, fields: Mapping[str, str | Sequence[str]]) -> Edited:
    """Return the files with a new column; `Refused` where a post has that place.

    Where `fields` list no `metadata`, the column gets the keys that pages of its type show.
    """
    metadata = fields.get("metadata") or edits.usual_metadata(str(fields.get("type", "")))
    fields = {**fields, "metadata": metadata}
    changed = edits.add_column(at.texts[COLUMNS], at.policy, id=id, under=under, title=title, fields=fields)
    parent = under or id.strip("/").rpartition("/")[0]
    if parent:
        _free(at, f"{known_column(parent, at.policy)}/{id.strip('/').rpartition('/')[2]}")
    note = t("Its posts may have these meta lines besides, as metadata lists them: {keys}.", keys=listed(metadata))
    return Edited(edits={COLUMNS: changed}, notes=(note,) if metadata else ())


def moved(at: Workplace, id: str, *, before: str, after: str, under: str) -> dict[str, bytes]:
    """Return the files with a column elsewhere; `Refused` where its address would change under its posts."""
    column = known_column(id, at.policy)
    changed = edits.move_column(at.texts[COLUMNS], at.policy, column, before=before, after=after, under=under)
    beside = known_column(before or after or under, at.policy)
    address = edits.address_after(column, beside, under=bool(under), policy=at.policy)
    if address != column:
        posts = posts_in(at, column)
        if posts:
            raise Refused(
                t("its address would become {address}, and posts never move; it has {count}: {posts}", address=address,
                  count=len(posts), posts=_some(posts)),
                where=column,
                hint=t("leave it where it is; or add a new column there, and close this one: qianfa column close {column}",
                       column=typed(column)),
            )  # fmt: skip
        _free(at, address)
    return {COLUMNS: changed}


def renamed(at: Workplace, id: str, title: str) -> dict[str, bytes]:
    """Return the files with another title for a column."""
    return {COLUMNS: edits.rename_column(at.texts[COLUMNS], at.policy, known_column(id, at.policy), title)}


def closed(at: Workplace, ids: Sequence[str]) -> Edited:
    """Return the files that close columns, sub-columns first: taken out where no post ever was, else left in the file."""
    known = dict.fromkeys(known_column(id, at.policy) for id in ids)
    changed: dict[str, bytes] = {}
    notes: list[str] = []
    for column in sorted(known, key=lambda one: -one.count("/")):
        one = _closed(at, column)
        changed.update(one.edits)
        notes.extend(one.notes)
        files = {**at.files, **{path: (at.files[path][0], data) for path, data in one.edits.items()}}
        at = replace(at, files=files)
        at = replace(at, policy=parsed(at.texts, hint=t("nothing was written")))
    return Edited(edits=changed, notes=tuple(notes))


def _closed(at: Workplace, column: str) -> Edited:
    columns = at.policy.columns.columns
    if columns[column].closed:
        raise Refused(t("{column} is closed already", column=column), where=COLUMNS, hint=t("nothing is left to do"))
    open_parts = [part for part in columns[column].children if not columns[part].closed]
    if open_parts:
        raise Refused(
            t("its sub-columns take posts: {parts}", parts=listed(open_parts)),
            where=column,
            hint=t("close them with it: qianfa column close {ids}", ids=all_typed([*open_parts, column])),
        )
    if not posts_in(at, column) and not columns[column].children:
        return Edited(
            edits={COLUMNS: edits.remove_column(at.texts[COLUMNS], column)},
            notes=(t("{column} never had a post, so it is taken out.", column=column),),
        )
    return Edited(
        edits={
            PEOPLE: edits.closing_unit(at.texts[PEOPLE], at.policy),
            COLUMNS: edits.close_column(at.texts[COLUMNS], at.policy, column),
        },
        notes=(_what_stays(at, column),),
    )


def _what_stays(at: Workplace, column: str) -> str:
    live = at.session.report.live
    if live is not None and any(_inside(column_of(post.item), column) for post in live.posts):
        return t(
            "{column} keeps its page. What is online there stays, and can be withdrawn, but not corrected; "
            "what is signed through and scheduled goes online at its time.",
            column=column,
        )
    return t(
        "{column} has nothing online, so it has no page any more once this is in force. It stays in the file, for posts "
        "were there; what is signed through and scheduled brings the page back at its time.",
        column=column,
    )


def posts_in(at: Workplace, column: str) -> list[str]:
    """Return the posts of a column and of those under it: all that lie there, and all that anything was ever signed about."""
    evidence = at.session.evidence
    names = set(posts_of(at.site))
    if evidence is not None:
        names.update(evidence.head.posts, evidence.head.lone_records)
        names.update(made.statement.item for made in evidence.made.values())
    return sorted(name for name in names if name != POLICY and _inside(column_of(name), column))


def _inside(place: str, column: str) -> bool:
    return place == column or place.startswith(f"{column}/")


def _free(at: Workplace, address: str) -> None:
    """Refuse the address of a sub-column that is a post's: the post would lose its page."""
    post = f"content/{address}.md"
    if post in posts_in(at, address.rpartition("/")[0]):
        raise Refused(
            t("the post {post} has the pages of that name", post=post),
            where=COLUMNS,
            hint=t("choose another id for the column"),
        )


def _some(posts: Sequence[str]) -> str:
    return ", ".join([*posts[:3], *(["…"] if len(posts) > 3 else [])])
