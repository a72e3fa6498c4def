"""Find the complete versions of the policy, each by its administrators' signatures. No git, no files, no clock."""

from __future__ import annotations

import dataclasses
from collections.abc import Iterator
from dataclasses import dataclass

from review.messages import t
from review.model.digests import NONE
from review.model.evidence import Attestation, Evidence, Made, PolicySnapshot
from review.model.findings import Finding, finding
from review.model.paths import POLICY, POLICY_RECORD
from review.model.people import People
from review.model.policies import PolicyVersion

_LONGEST = 200
"""Approvals of one version, one after the other; more than any organisation has administrators."""


@dataclass(frozen=True, slots=True)
class Node:
    """A complete version in the tree of all of them. `ends` are the statements that the next version may follow."""

    version: PolicyVersion
    ends: frozenset[str]
    parent: Node | None

    def chain(self) -> tuple[PolicyVersion, ...]:
        """Return the versions from the first to this one."""
        versions: list[PolicyVersion] = []
        node: Node | None = self
        while node is not None:
            versions.append(node.version)
            node = node.parent
        return tuple(reversed(versions))


class Versions:
    """Finds the complete versions among the statements about the policy."""

    def __init__(self, evidence: Evidence) -> None:
        self._evidence = evidence
        self._following: dict[str, list[Made]] = {}
        for made in evidence.of(POLICY):
            signed = any(attestation.keys for attestation in made.attestations)
            if signed and made.statement.decision == "approve" and made.statement.stage == POLICY:
                self._following.setdefault(made.statement.previous, []).append(made)

    def leaves(self) -> list[Node]:
        """Return the last version of every chain."""
        found: list[Node] = []
        waiting: list[Node | None] = [None]
        while waiting:
            node = waiting.pop()
            children = self._grow(node)
            waiting += children
            if node is not None and not children:
                found.append(node)
        return found

    def _grow(self, parent: Node | None) -> list[Node]:
        """Return every complete version whose first statement follows the parent's.

        Several ways to complete the same manifest are one version: administrators may sign in any order.
        """
        prior = parent.version if parent else None
        found: dict[str, tuple[list[PolicyVersion], frozenset[str]]] = {}
        for path in self._paths(prior.version + 1 if prior else 1, parent.ends if parent else frozenset({NONE})):
            complete = self._complete(path, prior)
            if not complete:
                continue
            ends = frozenset({path[-1].digest, *self._further(path[-1], complete[0], prior)})
            ways, others = found.get(complete[0].manifest, ([], frozenset()))
            found[complete[0].manifest] = ([*ways, *complete], others | ends)
        return [Node(self._settled(ways, prior), ends, parent) for ways, ends in found.values()]

    def _settled(self, ways: list[PolicyVersion], prior: PolicyVersion | None) -> PolicyVersion:
        """Return the version that was completed in these ways, each with one commit.

        One administrator could sign the last statement again, in a commit wherever they like, to change what came
        before the version. So where some of the commits stand on the statement before, only these count; and to have
        come before the version is to have come before every one of them.
        """
        graph = self._evidence.graph

        def on_top(way: PolicyVersion) -> bool:
            made = self._evidence.made[way.statements[-2]] if len(way.statements) > 1 else None
            if made is None:
                earlier = list(prior.commits) if prior else []
            else:
                counting = (one for one in made.attestations if self._counts(one, made, way.policy.people, prior))
                earlier = [one.commit for one in counting]
            return any(graph.is_ancestor(commit, way.commit) for commit in earlier)

        chosen = [way for way in ways if on_top(way)] or ways
        first = min(chosen, key=self._order)
        return dataclasses.replace(first, commits=tuple(sorted({way.commit for way in chosen})))

    def _order(self, version: PolicyVersion) -> tuple[int, str]:
        return self._evidence.graph.generation(version.commit), version.commit

    def _paths(self, number: int, starts: frozenset[str]) -> Iterator[tuple[Made, ...]]:
        waiting: list[tuple[Made, ...]] = [
            (made,) for start in sorted(starts) for made in self._following.get(start, ())
        ]
        while waiting:
            path = waiting.pop()
            if path[-1].statement.version != number or path[-1].statement.manifest != path[0].statement.manifest:
                continue
            yield path
            if len(path) < _LONGEST:
                waiting += [(*path, made) for made in self._following.get(path[-1].digest, ())]

    def _complete(self, path: tuple[Made, ...], prior: PolicyVersion | None) -> list[PolicyVersion]:
        """Return the version that this path completes with its last statement, once for each commit that does."""
        completing: list[PolicyVersion] = []
        for attestation, snapshot in self._candidates(path[-1]):
            policy = snapshot.policy
            if policy is None or snapshot.problems or snapshot.manifest != path[-1].statement.manifest:
                continue
            if any(made.statement.site != policy.columns.site.id for made in path):
                continue
            counted = [self._signers(made, policy.people, prior) for made in path]
            if not all(counted) or not self._counts(attestation, path[-1], policy.people, prior):
                continue
            before = counted[:-1]
            if not _enough(counted, policy.people, prior) or _enough(before, policy.people, prior):
                continue
            completing.append(
                PolicyVersion(
                    version=path[-1].statement.version,
                    manifest=snapshot.manifest,
                    commit=attestation.commit,
                    policy=policy,
                    statements=tuple(made.digest for made in path),
                    commits=(attestation.commit,),
                )
            )
        return completing

    def _candidates(self, made: Made) -> Iterator[tuple[Attestation, PolicySnapshot]]:
        graph = self._evidence.graph
        for attestation in sorted(made.attestations, key=lambda one: (graph.generation(one.commit), one.commit)):
            if attestation.keys:
                yield attestation, self._evidence.trees.policy(attestation.commit)

    def _signers(self, made: Made, people: People, prior: PolicyVersion | None) -> frozenset[tuple[str, str]]:
        """Return (`old` or `new`, person) for each set of rules under which the statement counts."""
        keys = frozenset().union(*(attestation.keys for attestation in made.attestations))
        return _standing(made, keys, people, prior)

    def _counts(self, attestation: Attestation, made: Made, people: People, prior: PolicyVersion | None) -> bool:
        return bool(_standing(made, attestation.keys, people, prior))

    def _further(self, last: Made, complete: PolicyVersion, prior: PolicyVersion | None) -> Iterator[str]:
        """Yield the approvals of a version that is complete already: the next version may follow them, too."""
        waiting = [last.digest]
        while waiting:
            for made in self._following.get(waiting.pop(), ()):
                said = made.statement
                if (said.version, said.manifest) == (complete.version, complete.manifest) and self._signers(
                    made, complete.policy.people, prior
                ):
                    yield made.digest
                    waiting.append(made.digest)

    def invalid(self, number: int, starts: frozenset[str], prior: PolicyVersion | None) -> tuple[Finding, ...]:
        """Say why signed continuations of what is in force are none: files not valid, or not what was signed."""
        found: dict[Finding, None] = {}
        for path in self._paths(number, starts):
            signed = [self._signers(made, prior.policy.people, prior) if prior else _anyone(made) for made in path]
            people = {person for signers in signed for rules, person in signers if rules == "old"}
            if prior and len(people) < prior.policy.people.needs:
                continue
            snapshots = [snapshot for _, snapshot in self._candidates(path[-1])]
            if any(s.manifest == path[-1].statement.manifest and s.policy and not s.problems for s in snapshots):
                continue
            for snapshot in snapshots:
                for problem in snapshot.problems:
                    found[
                        finding(
                            "policy-invalid",
                            t(
                                "policy version {number} is signed but not valid: {message}",
                                number=number,
                                message=problem.message,
                            ),
                            item=POLICY,
                            path=problem.path,
                            hint=problem.hint,
                        )
                    ] = None
                if not snapshot.problems and snapshot.manifest != path[-1].statement.manifest:
                    found[
                        finding(
                            "policy-invalid",
                            t(
                                "policy version {number}: its commit does not hold the files that were signed",
                                number=number,
                            ),
                            item=POLICY,
                            path=POLICY_RECORD,
                            hint=t("sign the files as they are: qianfa policy sign"),
                        )
                    ] = None
        return tuple(found)


def _standing(
    made: Made, keys: frozenset[str], people: People, prior: PolicyVersion | None
) -> frozenset[tuple[str, str]]:
    person = made.statement.by
    rules = [("new", people), *([("old", prior.policy.people)] if prior else [])]
    return frozenset(
        (name, person)
        for name, them in rules
        if person in them.administrators and any(them.key_is(key, person) for key in keys)
    )


def _anyone(made: Made) -> frozenset[tuple[str, str]]:
    signed = any(attestation.keys for attestation in made.attestations)
    return frozenset({("old", made.statement.by)}) if signed else frozenset()


def _enough(counted: list[frozenset[tuple[str, str]]], people: People, prior: PolicyVersion | None) -> bool:
    signers = frozenset().union(*counted)
    new = sum(rules == "new" for rules, _ in signers)
    old = sum(rules == "old" for rules, _ in signers)
    return new >= people.needs and (prior is None or old >= prior.policy.people.needs)
