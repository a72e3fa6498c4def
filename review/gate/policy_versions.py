"""Find the complete versions of the policy, each by its administrators' signatures. No git, no files, no clock."""

from __future__ import annotations

import dataclasses
from collections.abc import Collection, Iterable, Iterator
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
    """A complete version in the tree of all of them. `ends` are the statements that the next version may follow.

    `marked` are the keys that it and the versions before it mark as compromised.
    """

    version: PolicyVersion
    ends: frozenset[str]
    parent: Node | None
    marked: frozenset[str]

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
        marked: frozenset[str] = parent.marked if parent else frozenset()
        found: dict[str, tuple[list[PolicyVersion], frozenset[str]]] = {}
        for path in self._paths(prior.version + 1 if prior else 1, parent.ends if parent else frozenset({NONE})):
            complete = self._complete(path, prior, marked)
            if not complete:
                continue
            rules = _rules(complete[0].policy.people, prior, marked)
            ends = frozenset({path[-1].digest, *self._further(path[-1], complete[0], rules)})
            ways, others = found.get(complete[0].manifest, ([], frozenset()))
            found[complete[0].manifest] = ([*ways, *complete], others | ends)
        return [
            Node(self._settled(ways, prior, marked), ends, parent, ways[0].policy.people.marks_after(marked))
            for ways, ends in found.values()
        ]

    def _settled(self, ways: list[PolicyVersion], prior: PolicyVersion | None, marked: frozenset[str]) -> PolicyVersion:
        """Return the version that was completed in these ways, each with one commit.

        One administrator could sign the last statement again, in a commit wherever they like, to change what came
        before the version. So where some of the commits stand on the statement before, only these count; and to have
        come before the version is to have come before every one of them.
        """
        graph = self._evidence.graph

        def on_top(way: PolicyVersion) -> bool:
            rules = _rules(way.policy.people, prior, marked)
            earlier = list(prior.commits) if prior else []
            for digest in way.statements[-2::-1]:
                made = self._evidence.made[digest]
                if counting := [one.commit for one in made.attestations if rules.signers(made, one)]:
                    earlier = counting
                    break
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

    def _complete(
        self, path: tuple[Made, ...], prior: PolicyVersion | None, marked: frozenset[str]
    ) -> list[PolicyVersion]:
        """Return the version that this path completes with its last statement, once for each commit that does.

        Nobody else may stand in between but administrators whose key this very version marks; they are passed over.
        """
        completing: list[PolicyVersion] = []
        for attestation, snapshot in self._candidates(path[-1]):
            policy = snapshot.policy
            if policy is None or snapshot.problems or snapshot.manifest != path[-1].statement.manifest:
                continue
            if any(made.statement.site != policy.columns.site.id for made in path):
                continue
            rules = _rules(policy.people, prior, marked)
            counted = [rules.signers(made, *made.attestations) for made in path]
            strangers = (made for made, signers in zip(path, counted, strict=True) if not signers)
            if any(not rules.passed_over(made) for made in strangers) or not rules.signers(path[-1], attestation):
                continue
            if not rules.enough(counted) or rules.enough(counted[:-1]):
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

    def _further(self, last: Made, complete: PolicyVersion, rules: _Rules) -> Iterator[str]:
        """Yield the approvals of a version that is complete already: the next version may follow them, too."""
        waiting = [last.digest]
        while waiting:
            for made in self._following.get(waiting.pop(), ()):
                said = made.statement
                same = (said.version, said.manifest) == (complete.version, complete.manifest)
                if same and rules.signers(made, *made.attestations):
                    yield made.digest
                    waiting.append(made.digest)

    def invalid(self, number: int, starts: frozenset[str], last: Node | None) -> tuple[Finding, ...]:
        """Say why signed continuations of what is in force are none: files not valid, or not what was signed."""
        found: dict[Finding, None] = {}
        prior = last.version if last else None
        rules = _rules(last.version.policy.people, last.version, last.marked) if last else None
        for path in self._paths(number, starts):
            signed = [rules.signers(made, *made.attestations) if rules else _anyone(made) for made in path]
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
                                "policy version {number} is signed but not valid: {problem}",
                                number=number,
                                problem=problem.message,
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


@dataclass(frozen=True, slots=True, kw_only=True)
class _Rules:
    """Whose signature counts for a version: those of its own people, and of the version before where there is one.

    `barred` are the keys whose signatures do not: marked before, or marked by this version. The one marking a key stands
    without it, so that a lost administrator's key can be marked, and the versions before stay what they are.
    """

    new: People
    old: People | None
    barred: frozenset[str]

    def signers(self, made: Made, *attestations: Attestation) -> frozenset[tuple[str, str]]:
        """Return (`old` or `new`, person) for each set of rules under which these commits make the statement count."""
        keys = [key for one in attestations if one.keys.isdisjoint(self.barred) for key in one.keys]
        return self._standing(made.statement.by, keys)

    def passed_over(self, made: Made) -> bool:
        """Tell whether a statement would count but for the marks of this very version."""
        keys = [key for one in made.attestations for key in one.keys if key in self.new.compromised]
        return bool(self._standing(made.statement.by, keys))

    def _standing(self, person: str, keys: Collection[str]) -> frozenset[tuple[str, str]]:
        rules = [("new", self.new), *([("old", self.old)] if self.old else [])]
        return frozenset(
            (name, person)
            for name, people in rules
            if person in people.administrators and any(people.key_is(key, person) for key in keys)
        )

    def enough(self, counted: Iterable[frozenset[tuple[str, str]]]) -> bool:
        """Tell whether these signers satisfy both sets of rules."""
        signers = frozenset().union(*counted)
        new = sum(rules == "new" for rules, _ in signers)
        old = sum(rules == "old" for rules, _ in signers)
        return new >= self.new.needs and (self.old is None or old >= self.old.needs)


def _rules(people: People, prior: PolicyVersion | None, marked: frozenset[str]) -> _Rules:
    return _Rules(
        new=people,
        old=prior.policy.people if prior else None,
        barred=marked | people.compromised if marked or people.compromised else marked,
    )


def _anyone(made: Made) -> frozenset[tuple[str, str]]:
    signed = any(attestation.keys for attestation in made.attestations)
    return frozenset({("old", made.statement.by)}) if signed else frozenset()
