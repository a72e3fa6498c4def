"""Which policy is in force? Follows the administrators' signatures from version to version. No git, no clock."""

from __future__ import annotations

import dataclasses
from dataclasses import dataclass

from review.gate.policy_versions import Versions
from review.messages import listed, t
from review.model.commit_graph import CommitGraph
from review.model.digests import NONE
from review.model.evidence import Evidence
from review.model.findings import Finding, finding
from review.model.paths import POLICY_RECORD
from review.model.policies import PolicyVersion


@dataclass(frozen=True, slots=True, kw_only=True)
class Trust:
    """The chain of policy versions that holds (empty where none does), and what is to be said about it."""

    versions: tuple[PolicyVersion, ...]
    findings: tuple[Finding, ...]

    @property
    def in_force(self) -> PolicyVersion | None:
        """The last version of the chain."""
        return self.versions[-1] if self.versions else None


def establish(evidence: Evidence, pin: str, *, ci: bool) -> Trust:
    """Return the policy versions in force.

    1. Collect every complete version, beginning with those that follow nothing.
    2. Keep the chains that contain the pinned manifest, all of them where there is no pin.
    3. One chain left: it holds. None, or several of which none is a part of another: nothing is in force.
    """
    tree = Versions(evidence)
    leaves = tree.leaves()
    chains = [leaf.chain() for leaf in leaves]
    findings: list[Finding] = []
    if not pin:
        unpinned = finding(
            "trust-unpinned",
            t("no trust pin was given, so another set of administrators could have signed a policy of their own"),
            hint=t("give the manifest digest of a policy version you know: --trust sha256:… or QIANFA_TRUST"),
        )
        findings.append(_as_block(unpinned) if ci else unpinned)
    trusted = [chain for chain in chains if not pin or any(version.manifest == pin for version in chain)]
    if not chains:
        findings.append(
            finding(
                "policy-missing",
                t("no complete and valid policy is signed"),
                path=POLICY_RECORD,
                hint=t("the administrators sign it with: qianfa policy sign"),
            )
        )
        findings += tree.invalid(1, frozenset({NONE}), None)
        return Trust(versions=(), findings=tuple(findings))
    if not trusted:
        findings.append(
            finding(
                "trust-mismatch",
                t(
                    "none of the {count} chains of policy versions contains the pinned {pin}",
                    count=len(chains),
                    pin=pin,
                ),
                hint=t("check where this repository and the pin come from before you trust either"),
            )
        )
        return Trust(versions=(), findings=tuple(findings))
    if len(trusted) > 1:
        trusted.sort(key=lambda chain: (chain[-1].version, chain[-1].manifest))
        ends = listed(
            t("version {version} {manifest}", version=chain[-1].version, manifest=chain[-1].manifest)
            for chain in trusted
        )
        findings.append(
            finding(
                "policy-fork",
                t(
                    "{count} chains of policy versions continue in different ways: {ends}",
                    count=len(trusted),
                    ends=ends,
                ),
                hint=t("pin the manifest of the right version: --trust sha256:…"),
            )
        )
        return Trust(versions=(), findings=tuple(findings))
    chain = _in_order(trusted[0], evidence.graph)
    last = chain[-1]
    leaf = next(leaf for leaf in leaves if leaf.version.statements == last.statements)
    findings += tree.invalid(last.version + 1, leaf.ends, leaf)
    return Trust(versions=chain, findings=tuple(findings))


def _in_order(chain: tuple[PolicyVersion, ...], graph: CommitGraph) -> tuple[PolicyVersion, ...]:
    """Leave out the commits of a version that do not come before the next one, where some do.

    An administrator who is none any more could sign a last statement again, as anybody who has left could.
    """
    settled = [chain[-1]]
    for version in reversed(chain[:-1]):
        after = settled[-1].commits
        timely = [one for one in version.commits if all(graph.is_ancestor(one, later) for later in after)]
        commits = tuple(timely) or version.commits
        commit = version.commit if version.commit in commits else commits[0]
        settled.append(dataclasses.replace(version, commits=commits, commit=commit))
    return tuple(reversed(settled))


def _as_block(warning: Finding) -> Finding:
    return Finding(code=warning.code, severity="block", message=warning.message, hint=warning.hint)
