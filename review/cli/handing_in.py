"""`qianfa submit`: hand a post in. On a terminal it says first what its author may have missed, and asks."""

from __future__ import annotations

from typing import Annotated

import typer

from review.actions import missing, sign_offs
from review.cli.desk import at_desk
from review.cli.interview import refused_as_classified
from review.cli.language import told
from review.cli.lines import paragraph
from review.cli.options import Signing, spread
from review.cli.outside import refuse_without_films
from review.cli.prompting import Choice, ask_yes, choose
from review.cli.screen import answer, say
from review.cli.signing import asking, confirmed, moment
from review.errors import Refused, UnusableSite
from review.messages import t, typed
from review.model.paths import record_of
from review.ways import acts, checking

Files = dict[str, tuple[str, bytes]]
Classified = Annotated[
    str,
    typer.Option("--classified", metavar="no|yes", help="Whether it touches anything classified; only no goes on."),
]


def classified_said(said: str) -> bool | None:
    """Return False where --classified says no, None where it says nothing; `Refused` where it says yes."""
    if said not in ("", "no", "yes"):
        raise UnusableSite(t("{said} is neither no nor yes", said=repr(said)), where="--classified")
    if said == "yes":
        raise refused_as_classified()
    return False if said else None


@spread
def submit(
    post: Annotated[str, typer.Argument(metavar="POST", help="The post, such as content/news/2026-11-20-a.md.")],
    given: Signing,
    classified: Classified = "",
    unit: Annotated[
        str, typer.Option("--unit", metavar="UNIT", help="The submitting unit, for a post that has no record yet.")
    ] = "",
) -> int:
    """Hand a post in: sign it as its drafter. Example: qianfa submit content/news/2026-11-20-a.md"""
    item = acts.post_named(given.site, post)
    unclassified = classified_said(classified) is False
    with at_desk(given) as desk:
        committed = desk.committed(item)
        files = _with_record(desk, item, desk.working(item), given, unit=unit, unclassified=unclassified)
        change = sign_offs.submit(desk.bench, item, committed, files, desk.signer, moment(desk, given), given.note)
        refuse_without_films(desk, given, change)
        if asking(given):
            _say_what_check_says(desk, item)
            if not confirmed(change.meaning, t("Sign?")):
                say(t("Nothing was signed."))
                return 1
            say(_handed_in(acts.carry_out(desk, change)))
        else:
            done = acts.carry_out(desk, change)
            answer("act", done, lambda: f"{told(done.meaning)}\n{told(_handed_in(done))}", json=given.json)
    return 0


def _with_record(desk: acts.Desk, item: str, files: Files, given: Signing, *, unit: str, unclassified: bool) -> Files:
    """Return a post's files, with a record where it was written by hand and has none; `Refused` where it lost one."""
    record = record_of(item)
    if item not in files or record in files:
        return files
    if hint := missing.lost_record(desk.bench, item, desk.committed(item)):
        raise Refused(t("{item} has no record", item=item), where=record, hint=hint)
    policy, person = desk.bench.in_force.policy, desk.signer.person
    units = missing.units_for(policy, item, person)
    if asking(given) and not unit and len(units) > 1:
        choices = [Choice(id=one, words=policy.people.units[one].title) for one in units]
        unit = choose(t("You draft for:"), t("For which unit?"), choices)
    data = missing.first_record(policy, item, person, desk.at.date(), unit=unit)
    if not unclassified:
        if not asking(given):
            raise Refused(
                t("it has no record yet, and nobody said whether it touches anything classified"),
                where=item,
                hint=t("if it does not: qianfa submit {item} --classified no", item=typed(item)),
            )
        if ask_yes(t("Does it touch anything classified?")):
            raise Refused(
                t("nothing classified may be handed in, so nothing was signed"),
                where=item,
                hint=t("take it to whoever is in charge of secrecy, and take the file out of this repository"),
            )
    return {**files, record: ("100644", data)}


def _say_what_check_says(desk: acts.Desk, item: str) -> None:
    """Say what will be cleaned, and how much `qianfa check` has to say."""
    checked = checking.check(desk.session, desk.bench, [item], None)
    objections = [one for post in checked for one in post.objections if one.code != "record-missing"]
    cleaned = [one for one in objections if one.code in ("text-cleaned", "picture-cleaned", "film-cleaned")]
    for one in cleaned:
        what = one.what
        if one.path != item:
            what = t("{file}: {what}", file=one.path.rpartition("/")[2], what=one.what)
        for line in paragraph(t("cleaned: {what}", what=what)):
            say(line)
    if others := len(objections) - len(cleaned):
        say(
            t(
                "Worth a look before you sign: {count}. See them with: qianfa check {item}",
                count=others,
                item=typed(item),
            )
        )


def _handed_in(done: acts.Done) -> str:
    return t(
        "{person} handed in {item} as version {version}  commit {commit}",
        person=done.by,
        item=done.item,
        version=done.version,
        commit=done.commit[:12],
    )
