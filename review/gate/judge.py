"""The verdict on a commit: which policy is in force, where every item stands, what may be online. Runs all rules."""

from __future__ import annotations

import datetime as dt
from collections.abc import Callable, Iterator

from review.gate import claims, items, paths, trust
from review.gate.bench import Bench, bench_for
from review.gate.counting import Signed, count
from review.gate.policy_signers import signatures
from review.gate.versions import Story
from review.messages import listed, t
from review.model.evidence import Evidence, PolicySnapshot
from review.model.findings import Finding, finding
from review.model.paths import POLICY, POLICY_RECORD
from review.model.reports import LiveSet, Report


def judge(
    evidence: Evidence,
    *,
    pin: str,
    ci: bool,
    now: dt.datetime,
    progress: Callable[[int, int], None] = lambda done, total: None,
) -> Report:
    """Judge all the evidence.

    1. Establish the policy in force; without one, nothing is online and no item can be judged.
    2. Judge the policy zone of the commit, the paths, and item after item.
    3. Anything that blocks leaves no live set; else it is exactly the items that are live.

    `progress` is told how many of how many items are done. The order of findings and items follows from the content.
    """
    trusted = trust.establish(evidence, pin, ci=ci)
    findings = [*evidence.findings, *trusted.findings]
    if not evidence.previous_known:
        findings.append(
            finding(
                "history-rewritten",
                t("the commit that was published last is not an ancestor of this one"),
                hint=t("find out who rewrote the history; publish again only from a commit that continues it"),
            )
        )
    if trusted.in_force is None:
        return Report(site="", commit=evidence.commit, policy=None, items=(), findings=_sorted(findings), live=None)
    bench = bench_for(evidence, trusted.versions, now)
    findings += [*_policy_zone(bench), *evidence.head.findings, *paths.tree_problems(evidence.head)]
    names = sorted({*evidence.head.posts, *evidence.head.lone_records, *(name for name in _signed(bench))})
    judged = []
    for done, name in enumerate(names):
        progress(done, len(names))
        verdict = items.judge(name, bench)
        if verdict is not None:
            judged.append(verdict)
            findings += verdict.findings
    progress(len(names), len(names))
    online = [verdict.live for verdict in judged if verdict.live is not None]
    collisions = list(paths.collisions(online, bench.in_force.policy, evidence.graph))
    findings += collisions
    kept_off = {one.item for one in collisions}
    report_items = tuple(paths.without_colliding(verdict.report, kept_off) for verdict in judged)
    blocked = any(one.severity == "block" for one in findings)
    live = LiveSet(
        site=bench.site,
        commit=evidence.commit,
        policy=bench.in_force,
        policies=bench.versions,
        posts=tuple(post for post in online if post.item not in kept_off),
    )
    return Report(
        site=bench.site,
        commit=evidence.commit,
        policy=bench.in_force,
        items=report_items,
        findings=_sorted(findings),
        live=None if blocked else live,
    )


def _signed(bench: Bench) -> Iterator[str]:
    return (made.statement.item for made in bench.evidence.made.values() if made.statement.item != POLICY)


def _sorted(findings: list[Finding]) -> tuple[Finding, ...]:
    order = {"block": 0, "refuse": 1, "hold": 2, "warn": 3}
    return tuple(sorted(dict.fromkeys(findings), key=lambda one: (order[one.severity], one)))


def _policy_zone(bench: Bench) -> Iterator[Finding]:
    """Say what waits for the administrators, and whether the policy's record is honest."""
    evidence, force = bench.evidence, bench.in_force
    snapshot = evidence.trees.policy(evidence.commit)
    if snapshot.manifest != force.manifest:
        yield finding(
            "policy-unsigned",
            _differs(force.version, snapshot),
            item=POLICY,
            path=POLICY_RECORD,
            hint=t("ask {waiting} to run: qianfa policy sign", waiting=_waiting(bench, snapshot)),
        )
    # What keeps the files from being read is said on its own; the rest waits for whoever wants to sign them.
    yield from (one for one in snapshot.problems if one.code == "limit-exceeded")
    if snapshot.record is not None:
        yield from claims.objections(snapshot.record, policy_story(bench, snapshot))


def _differs(version: int, snapshot: PolicySnapshot) -> str:
    if not snapshot.problems:
        return t("the policy files differ from version {version}, which stays in force", version=version)
    return t(
        "the policy files differ from version {version}, which stays in force; they are not valid yet: {problem}",
        version=version,
        problem=snapshot.problems[0].message,
    )


def _waiting(bench: Bench, snapshot: PolicySnapshot) -> str:
    """Say how many of whom must yet sign the policy zone as it is, under the rules in force and its own."""
    rules = [bench.in_force.policy.people, *([snapshot.policy.people] if snapshot.policy else [])]
    barred = bench.compromised.union(*(people.compromised for people in rules))
    proofs = signatures(bench, snapshot.policy.people if snapshot.policy else None)
    signed = {
        made.statement.by
        for made in bench.evidence.of(POLICY)
        if made.statement.manifest == snapshot.manifest
        and made.statement.version == bench.in_force.version + 1
        and any(key not in barred for _, key in proofs[made.digest])
    }
    left = dict.fromkeys(admin for people in rules for admin in people.administrators if admin not in signed)
    missing = max(people.needs - len(signed.intersection(people.administrators)) for people in rules)
    return t("{count} of {people}", count=max(missing, 1), people=listed(left) or t("the administrators"))


def policy_story(bench: Bench, snapshot: PolicySnapshot) -> Story:
    """Return the policy's statements as claims are checked against them; chains of versions are `trust`'s matter.

    An administrator may sign with a key of the version before, or of the version signed once it is in force; who may sign
    with one that only the waiting files know, says `signatures`.
    """
    proofs = signatures(bench, snapshot.policy.people if snapshot.policy else None)
    known: dict[str, Signed] = {}
    uncounted: dict[tuple[str | int, ...], Finding] = {}
    for made in bench.evidence.of(POLICY):
        said = made.statement
        commits = proofs[made.digest]
        counted = count(made, bench)
        if commits:
            known[made.digest] = Signed(statement=said, digest=made.digest, version=said.version, commits=commits)
        elif isinstance(counted, Finding):
            uncounted[said.mirror] = counted
    in_chain = {digest for version in bench.versions.values() for digest in version.statements}
    return Story(
        item=POLICY,
        known=known,
        uncounted=uncounted,
        versions={},
        withdrawn_up_to=0,
        effective=frozenset(in_chain),
        refused={digest: _no_administrator(signed, bench, snapshot) for digest, signed in known.items()},
    )


def _no_administrator(signed: Signed, bench: Bench, snapshot: PolicySnapshot) -> tuple[Finding, ...]:
    said = signed.statement
    near = [bench.versions.get(number) for number in (said.version - 1, said.version)]
    peoples = [version.policy.people for version in near if version]
    if snapshot.policy is not None and said.version > bench.in_force.version:
        peoples.append(snapshot.policy.people)
    if any(said.by in people.administrators for people in peoples):
        return ()
    admins = listed(bench.in_force.policy.people.administrators)
    return (
        finding(
            "not-authorised",
            t("version {version}: {by} signed the policy and is no administrator", version=said.version, by=said.by),
            item=POLICY,
            path=POLICY_RECORD,
            hint=t("ask one of: {people}", people=admins),
        ),
    )
