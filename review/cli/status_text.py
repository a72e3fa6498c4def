"""Where posts are, in words: a few lines a post, or one post with its chain, what is said against it and what is next."""

from __future__ import annotations

from collections.abc import Iterator

from review.cli.language import told
from review.cli.lines import by_day, called, calling, paragraph, unbroken, when
from review.messages import t, typed
from review.views.standing import Standing
from review.views.status import Signature, Status, Step, Tracked


def status_text(status: Status) -> str:
    """Return the posts as lines for people."""
    return "".join(told(line) + "\n" for line in _list(status))


def _list(status: Status) -> Iterator[str]:
    count = len(status.posts)
    if status.person is None:
        yield from paragraph(t("Posts: {count}.", count=count))
    elif count:
        yield from paragraph(t("Posts of {person}: {count}.", person=called(status.person), count=count))
    else:
        yield from paragraph(
            t(
                "There are no posts of {person}'s units, nor any they drafted. Everybody's: qianfa status --all",
                person=called(status.person),
            )
        )
    for one in status.posts:
        yield ""
        yield from _post(one)


def _post(one: Tracked) -> Iterator[str]:
    post = one.post
    yield from paragraph(post.title or post.item, indent=2)
    yield unbroken(post.item, indent=4)
    yield from paragraph(where(post), indent=4)
    yield from (line for text in _notes(post) for line in paragraph(text, indent=4))
    if one.next is not None and one.next.mine:
        yield unbroken(f"qianfa {one.next.verb} {typed(post.item)}", indent=4)


def post_text(one: Tracked) -> str:
    """Return one post with all that there is to know."""
    return "".join(told(line) + "\n" for line in _detail(one))


def _detail(one: Tracked) -> Iterator[str]:
    post = one.post
    yield from paragraph(post.title or post.item)
    yield unbroken(post.item)
    column, unit = post.column_title or post.column, post.unit_title or post.unit
    yield from paragraph("  ".join(part for part in (column, unit, post.code) if part))
    yield ""
    yield from paragraph(where(post))
    yield from (line for text in _notes(post) for line in paragraph(text))
    if one.chain:
        yield ""
        yield from paragraph(t("Signed, of version {version}:", version=post.version))
    yield from (line for link in one.chain for line in signature_lines(link))
    for finding in post.findings:
        yield ""
        yield from paragraph(t("{code}: {message}", code=finding.code, message=finding.message))
        if finding.hint:
            yield from paragraph(finding.hint, indent=2)
    yield ""
    yield from next_lines(one.next, post)


def signature_lines(link: Signature) -> Iterator[str]:
    """Yield a sign-off of a chain as lines, its note below it."""
    stage, who = link.stage_title or link.stage, called(link.person)
    if link.stands_in:
        said = t("{at}  {stage}  {person}, standing in", at=when(link.at), stage=stage, person=who)
    else:
        said = t("{at}  {stage}  {person}", at=when(link.at), stage=stage, person=who)
    yield from paragraph(said, indent=2)
    if link.note:
        yield from paragraph(link.note, indent=4)


def next_lines(step: Step | None, post: Standing) -> Iterator[str]:
    """Yield the command that is next for a post, and who could run it."""
    if step is None:
        yield from paragraph(t("Nobody has to do anything now."))
        return
    if step.people and not step.mine:
        yield from paragraph(t("Next, by {people}:", people=calling(step.people)))
    else:
        yield from paragraph(t("Next:"))
    yield unbroken(f"qianfa {step.verb} {typed(post.item)}", indent=2)


def where(post: Standing) -> str:
    """Return where a post is, who has it and since when."""
    version, since = post.version, when(post.since)
    match post.state:
        case "in-review":
            who = calling(post.people) or told(t("nobody who may sign it"))
            stage = told(t("{title} ({id})", title=post.stage_title, id=post.stage)) if post.stage_title else post.stage
            return t(
                "version {version} is with {people} for {stage} since {since}",
                version=version, people=who, stage=stage or "?", since=since,
            )  # fmt: skip
        case "returned":
            return t("version {version} came back on {since}", version=version, since=since)
        case "live" if post.live_version != version:
            return t("version {version} is online, and its files are gone", version=post.live_version)
        case "live":
            return t("version {version} is online since {since}", version=version, since=since)
        case "scheduled":
            return t("version {version} is signed, and goes online at {at}", version=version, at=when(post.planned))
        case "expired":
            return t("version {version} is over since {day}", version=version, day=post.expires)
        case "withdrawn":
            return t("version {version} was taken off the site on {since}", version=version, since=since)
        case "refused":
            return t("it is refused")
        case _ if post.version:
            return t("changed since version {version} was signed, and not handed in", version=version)
        case _:
            return t("nobody has handed it in yet")


def _notes(post: Standing) -> Iterator[str]:
    if post.live_version and post.state != "live":
        yield t("version {version} is online meanwhile", version=post.live_version)
    if post.returned_by is not None:
        why = post.reason or t("no reason given")
        yield t("{person}: {why}", person=called(post.returned_by), why=why)
    elif post.reason:
        yield post.reason
    if post.due:
        yield t("due {due}: late", due=by_day(post.due)) if post.late else t("due {due}", due=by_day(post.due))
    if post.planned and post.state in ("draft", "in-review", "returned"):
        yield t("planned for {at}", at=when(post.planned))
    if post.expires and post.state not in ("expired", "withdrawn"):
        yield t("online until {day}", day=post.expires)
    match post.work_tree:
        case "edited":
            yield t("edited in this work tree, and not handed in")
        case "new":
            yield t("it is in this work tree alone")
        case "gone":
            yield t("its file is gone from this work tree")
