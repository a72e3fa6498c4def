"""The gate that is asked ahead says what the gate says once the commit is there."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import replace
from pathlib import Path

import pytest
from command_line import seated
from story import NEWS, NOW, Story, begin

from review import pipeline
from review.actions import sign_offs
from review.actions.change import Change, with_statement
from review.formats import records
from review.gate import items
from review.gate.bench import Bench
from review.history.work_tree import snapshot_of
from review.model.paths import POLICY, record_of
from review.model.statements import Statement
from review.ways import acts

UNTIL_HEAD = (("draft", "officer-fx"), ("head", "head-fx"))
RECORD = record_of(NEWS)


def drafted(story: Story) -> None:
    story.post()
    story.commit()


def under_review(story: Story) -> None:
    story.post()
    story.chain(NEWS, *UNTIL_HEAD)


def online(story: Story) -> None:
    story.publish()


def deleted(story: Story) -> None:
    story.publish()
    story.remove(NEWS, RECORD)
    story.commit()


def submit(desk: acts.Desk) -> Change:
    return sign_offs.submit(desk.bench, NEWS, desk.committed(NEWS), desk.working(NEWS), desk.signer, desk.at, "")


def approve(desk: acts.Desk) -> Change:
    return sign_offs.approve(
        desk.bench, NEWS, desk.committed(NEWS), desk.working(NEWS), desk.signer, desk.at, "", amend=False
    )


def send_back(desk: acts.Desk) -> Change:
    return sign_offs.send_back(desk.bench, NEWS, desk.committed(NEWS), desk.signer, desk.at, "理由")


def withdraw(desk: acts.Desk) -> Change:
    return sign_offs.withdraw(desk.bench, NEWS, desk.committed(NEWS), desk.signer, desk.at, "理由")


@pytest.mark.parametrize(
    ("before", "act", "by", "state"),
    [
        (drafted, submit, "officer-fx", "in-review"),
        (under_review, approve, "reviewer-1", "in-review"),
        (under_review, send_back, "reviewer-1", "returned"),
        (online, withdraw, "leader-1", "withdrawn"),
        (deleted, withdraw, "leader-1", "withdrawn"),
    ],
)
def test_the_verdict_that_is_foreseen_is_the_verdict_that_comes(
    tmp_path: Path, before: Callable[[Story], None], act: Callable[[acts.Desk], Change], by: str, state: str
) -> None:
    story = begin(tmp_path / "site")
    before(story)
    place = seated(story, tmp_path)
    options = pipeline.GateOptions(now=NOW, pin=story.pin)
    with acts.desk(place.path, options, key=str(place.keys / by)) as desk:
        change = act(desk)
        there = {**desk.committed(NEWS), **change.files}
        files = {path: file for path, file in there.items() if file is not None}
        after = snapshot_of(NEWS, files) if NEWS in files else records.parse(files[RECORD][1], item=NEWS)
        evidence = with_statement(desk.bench.evidence, change.statement, desk.signer.key, after)
        foreseen = items.judge(NEWS, replace(desk.bench, evidence=evidence))
        commit = acts.carry_out(desk, change).commit
    came = story.gate(revision=commit)
    assert foreseen is not None
    assert (foreseen.report.state, came.items[0].state) == (state, state)
    assert [one.code for one in foreseen.findings] == [one.code for one in came.findings]
    assert foreseen.report.awaiting == came.items[0].awaiting
    assert foreseen.report.chain[-1].statement == came.items[0].chain[-1].statement


def test_the_evidence_at_hand_is_not_touched_by_looking_ahead(tmp_path: Path) -> None:
    story = begin(tmp_path / "site")
    under_review(story)
    place = seated(story, tmp_path)
    with acts.desk(
        place.path, pipeline.GateOptions(now=NOW, pin=story.pin), key=str(place.keys / "reviewer-1")
    ) as desk:
        before = _all(desk.bench)
        approve(desk)
        assert _all(desk.bench) == before


def _all(bench: Bench) -> tuple[object, ...]:
    evidence = bench.evidence
    return evidence.commit, dict(evidence.graph.parents), dict(evidence.made), dict(evidence.head.posts)


def test_the_policy_is_not_foreseen_as_a_post_is(tmp_path: Path) -> None:
    """A mistake in the program, not of a person."""
    story = begin(tmp_path / "site")
    place = seated(story, tmp_path)
    said: Statement = story.signed[-1].statement
    assert said.item == POLICY
    with acts.desk(place.path, pipeline.GateOptions(now=NOW, pin=story.pin), key=str(place.keys / "admin-a")) as desk:
        from review.actions.change import refuse_what_the_gate_would  # noqa: PLC0415

        record = records.parse(story.files["policy.review.yaml"][1], item=POLICY)
        with pytest.raises(ValueError, match="its own act"):
            refuse_what_the_gate_would(desk.bench, said, desk.signer, record)
