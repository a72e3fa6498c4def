"""What a change of policy leaves without anybody: what is said beforehand is what the gate does once it is in force."""

from __future__ import annotations

import hashlib
from collections.abc import Callable
from pathlib import Path
from typing import Any

import pytest
from story import COLUMNS, NEWS, NOW, OFFICES, WORKFLOWS, Story, begin, codes

from review import pipeline
from review.formats import policy_files
from review.model.policies import Policy
from review.views import holdings
from review.views.holdings import Stranded

Offices = dict[str, tuple[str, ...]]

Changed = dict[str, Any]

LOOK = "    - {id: look, title: x, by: head@fx}\n    - {id: head,"
"""A stage more before that of the head."""


def read(story: Story, **changed: str) -> Policy:
    files = {"columns.yaml": COLUMNS, "workflows.yaml": WORKFLOWS, "people.yaml": story.people()}
    files |= {f"{name}.yaml": text for name, text in changed.items()}
    found, problems = policy_files.parse({path: text.encode() for path, text in files.items()})
    assert found is not None, problems
    return found


def without(*people: str) -> Offices:
    return {person: held for person, held in OFFICES.items() if person not in people}


def stranded(story: Story, **changed: Any) -> tuple[Stranded, ...]:
    options = pipeline.GateOptions(now=NOW, pin=story.pin)
    with pipeline.judged(story.path, story.head, options) as session:
        bench = pipeline.bench_of(session, options)
        return holdings.stranded(bench, session.report.items, read(story), read(story, **changed))


@pytest.fixture
def story(tmp_path: Path) -> Story:
    """A county article under review, signed by officer and head."""
    made = begin(tmp_path / "site")
    made.post()
    made.chain(NEWS, ("draft", "officer-fx"), ("head", "head-fx"))
    return made


def test_a_stage_is_a_gap_only_where_somebody_could_sign_it_before(story: Story) -> None:
    before = read(story)
    (head,) = holdings.gaps(before, read(story, people=story.people(without("head-fx"))))
    assert (head.stage, head.units, head.workflows, head.left) == ("head", ("fx",), ("article",), ())
    assert head.offices == ("head@fx",)
    assert holdings.gaps(before, read(story, people=story.people(without("reviewer-1")))) == ()
    assert holdings.gaps(before, before) == ()


def test_alike_gaps_of_several_units_are_told_as_one(story: Story) -> None:
    found = holdings.gaps(read(story), read(story, people=story.people(without("leader-1", "leader-2"))))
    assert [(gap.workflows, gap.units, gap.left) for gap in found] == [
        (("article",), ("fx", "mx", "kpb", "publicity"), ()),
        (("major",), ("fx", "mx"), ()),
    ]


def test_a_stage_that_takes_two_people_is_a_gap_with_one_left(story: Story) -> None:
    (gap,) = holdings.gaps(read(story), read(story, people=story.people(without("leader-1"))))
    assert (gap.workflows, gap.left, gap.needs, gap.units) == (("major",), ("leader-2",), 2, ("fx", "mx"))


def test_nobody_left_to_withdraw_is_a_gap(story: Story) -> None:
    narrow = WORKFLOWS.replace("[reviewer@publicity, leader@unit, publisher@info-centre]", "publisher@info-centre")
    before = read(story, workflows=narrow)
    found = holdings.gaps(
        before, read(story, workflows=narrow, people=story.people(without("publisher-1", "publisher-2")))
    )
    assert [gap.workflows for gap in found if gap.stage == "withdraw"] == [()]


def test_offices_that_nobody_else_holds_are_named(story: Story) -> None:
    people = read(story).people
    assert holdings.alone(people, "head-fx") == ("head@fx",)
    assert holdings.alone(people, "leader-2") == ("leader@department",)
    assert holdings.alone(people, "reviewer-1") == ()


@pytest.mark.parametrize(
    ("change", "reason"),
    [
        (lambda story: {"people": story.people(without("head-fx"))}, "head-fx signed head, and would not hold its office"),
        (lambda story: {"columns": COLUMNS.replace("[county, department, institution]", "[department]")}, "has no part in"),
        (lambda story: {"workflows": WORKFLOWS.replace("kinds: [article, reply]", "kinds: [reply]")}, "needs one workflow"),
        (
            lambda story: {"workflows": WORKFLOWS.replace("    - {id: head,", LOOK)},
            "the stages are others",
        ),
    ],
)  # fmt: skip
def test_sign_offs_that_come_to_nothing_are_those_that_the_gate_refuses_with_the_next_one(
    story: Story, change: Callable[[Story], Changed], reason: str
) -> None:
    changed = change(story)
    (found,) = stranded(story, **changed)
    assert (found.item, found.version, found.effect, found.stage) == (NEWS, 1, "void", "publicity")
    assert reason in found.reason
    story.sign_policy(**changed)
    assert story.item().state == "in-review"
    story.sign(NEWS, "publicity", "reviewer-1", version=1, previous=story.last(NEWS).digest)  # type: ignore[union-attr]
    assert story.item().state == "refused"
    assert codes(story.gate(), NEWS)


def test_a_chain_goes_on_where_the_change_does_not_touch_it(story: Story) -> None:
    changed: Changed = {"people": story.people(without("reviewer-2", "leader-2", "officer-mx"))}
    assert stranded(story, **changed) == ()
    story.sign_policy(**changed)
    story.chain(NEWS, ("publicity", "reviewer-1"), ("leader", "leader-1"), ("publish", "publisher-1"))
    assert story.item().state == "live"


def test_a_post_whose_next_stage_nobody_can_sign_waits_for_nobody(story: Story) -> None:
    (found,) = stranded(story, people=story.people(without("reviewer-1", "reviewer-2")))
    assert (found.effect, found.stage, found.reason) == (
        "waits",
        "publicity",
        "nobody is left who holds reviewer@publicity",
    )


def test_a_draft_of_a_unit_without_an_officer_waits_and_what_is_online_does_not(story: Story) -> None:
    story.chain(NEWS, ("publicity", "reviewer-1"), ("leader", "leader-1"), ("publish", "publisher-1"))
    draft = story.post("content/news/2026-11-20-b.md")
    story.commit()
    changed: Changed = {"people": story.people(without("officer-fx", "head-fx"))}
    (found,) = stranded(story, **changed)
    assert (found.item, found.effect, found.stage) == (draft, "waits", "draft")
    story.sign_policy(**changed)
    assert story.item().state == "live"


def test_who_relayed_a_paper_must_hold_the_office_for_that_as_well(tmp_path: Path) -> None:
    story = begin(tmp_path / "site")
    story.post()
    scan = b"\xff\xd8scan"
    digest = hashlib.sha256(scan).hexdigest()
    story.write(f"evidence/{digest}.jpg", scan)
    story.sign(NEWS, "draft", "officer-fx")
    story.sign(NEWS, "head", "officer-fx", signatory="head-fx", paper=f"sha256:{digest}")
    assert story.item().state == "in-review"
    gone = {**without("officer-fx"), "officer-2": ("officer@fx",)}
    (found,) = stranded(story, people=story.people(gone))
    assert found.effect == "void"
    assert "officer-fx signed draft" in found.reason
