"""The sample site's policy with keys filled in, and who may sign what under it."""

from __future__ import annotations

import re
from dataclasses import dataclass
from pathlib import Path

from benchmarks.signing import Key
from review.formats import policy_files
from review.gate.content_rules import workflow_for
from review.model.policies import Policy
from review.model.records import Header

_WITHOUT_KEY = re.compile(
    r"^  (?P<person>[a-z0-9-]+):\n(?P<rest>    name: .*\n    offices: .*\n)    keys: \[\]$", re.MULTILINE
)


@dataclass(frozen=True, slots=True)
class Cast:
    """The policy files by path, what they say, and everyone's key."""

    files: dict[str, bytes]
    policy: Policy
    keys: dict[str, Key]

    def authors(self) -> list[tuple[str, str]]:
        """Return every column with every unit that may write there and has people to draft and to answer for it."""
        people, columns = self.policy.people, self.policy.columns.columns
        held = {str(office) for person in people.people.values() for office in person.offices}
        return [
            (column.id, unit.id)
            for column in columns.values()
            for unit in people.units.values()
            if column.takes_from(unit.id, unit.group) and {f"officer@{unit.id}", f"head@{unit.id}"} <= held
        ]

    def chain(self, header: Header, turn: int) -> list[tuple[str, str]]:
        """Return stage and person for the whole chain of a post; `turn` chooses among those who share an office."""
        workflow = workflow_for(header, self.policy)
        if workflow is None:
            raise ValueError(f"no workflow fits {header}")
        chain: list[tuple[str, str]] = []
        for stage in workflow.slots:
            taken = {person for _, person in chain}
            able = [one for one in self.policy.people.holders(stage.by, header.unit) if one not in taken]
            chain.append((stage.id, able[turn % len(able)]))
        return chain


def cast_of(sample: Path, seed: str) -> Cast:
    """Return the cast of the sample site in a folder, with keys that follow from the seed."""
    keys: dict[str, Key] = {}

    def with_key(found: re.Match[str]) -> str:
        key = keys.setdefault(found["person"], Key(f"{seed} {found['person']}"))
        return f"  {found['person']}:\n{found['rest']}    keys: [{key.public}]"

    texts = {path: (sample / path).read_text(encoding="utf-8") for path in policy_files.FILES}
    texts[policy_files.PEOPLE] = _WITHOUT_KEY.sub(with_key, texts[policy_files.PEOPLE])
    files = {path: text.encode() for path, text in texts.items()}
    policy, problems = policy_files.parse(files)
    if policy is None:
        raise ValueError("; ".join(map(str, problems)))
    return Cast(files, policy, keys)
