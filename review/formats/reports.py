"""The report as JSON, the contract of section 10. Same report, same bytes."""

from __future__ import annotations

import json
from typing import Any

from review.model.findings import Finding
from review.model.policies import PolicyVersion
from review.model.reports import ItemReport, Link, Report


def report_json(report: Report) -> str:
    """Return the report as one JSON object with sorted keys, and a final newline."""
    return json.dumps(as_data(report), ensure_ascii=False, sort_keys=True, indent=1) + "\n"


def as_data(report: Report) -> dict[str, Any]:
    """Return the report as plain data, key by key as the format's page has it."""
    return {
        "report": 1,
        "site": report.site,
        "commit": report.commit,
        "policy": _policy(report.policy),
        "items": [_item(item) for item in report.items],
        "findings": [_finding(finding) for finding in report.findings],
        "summary": report.summary,
    }


def _policy(policy: PolicyVersion | None) -> dict[str, Any] | None:
    return None if policy is None else {"version": policy.version, "manifest": policy.manifest}


def _item(item: ItemReport) -> dict[str, Any]:
    awaiting = item.awaiting
    return {
        "item": item.item,
        "state": item.state,
        "version": item.version,
        "live_version": item.live_version,
        "awaiting": None if awaiting is None else {"stage": awaiting.stage, "people": list(awaiting.people)},
        "chain": [_link(link) for link in item.chain],
    }


def _link(link: Link) -> dict[str, Any]:
    fields: dict[str, Any] = {
        "stage": link.stage,
        "by": link.by,
        "at": link.at,
        "commit": link.commit,
        "key": link.key,
        "statement": link.statement,
    }
    fields |= {"signatory": link.signatory} if link.signatory else {}
    return fields | ({"stands_in": True} if link.stands_in else {})


def _finding(finding: Finding) -> dict[str, str]:
    return {
        "code": finding.code,
        "severity": finding.severity,
        "item": finding.item,
        "path": finding.path,
        "message": finding.message,
        "hint": finding.hint,
    }
