"""The chains of stages that items go through, and who may withdraw."""

from __future__ import annotations

from dataclasses import dataclass

from review.model.people import Office

DRAFT = "draft"
WITHDRAW = "withdraw"


@dataclass(frozen=True, slots=True, kw_only=True)
class Stage:
    """One stage of a chain: which offices may sign, and how many people it takes."""

    id: str
    title: str
    by: tuple[Office, ...]
    needs: int = 1
    may_amend: bool = False
    paper: bool = False


@dataclass(frozen=True, slots=True, kw_only=True)
class Workflow:
    """A chain for items of certain kinds from certain groups, ordinary or major."""

    id: str
    title: str
    kinds: tuple[str, ...]
    groups: tuple[str, ...]
    major: bool
    same_person: bool
    stages: tuple[Stage, ...]

    @property
    def slots(self) -> tuple[Stage, ...]:
        """The stages one signature at a time: a stage that needs two people stands here twice."""
        return tuple(stage for stage in self.stages for _ in range(stage.needs))

    def stage(self, name: str) -> Stage | None:
        """Return the stage of that id."""
        return next((stage for stage in self.stages if stage.id == name), None)


@dataclass(frozen=True, slots=True, kw_only=True)
class Workflows:
    """The content of `workflows.yaml`."""

    workflows: tuple[Workflow, ...]
    withdrawal: tuple[Office, ...]

    def fitting(self, kind: str, group: str, major: bool) -> tuple[Workflow, ...]:
        """Return the workflows for such an item; exactly one is as it should be."""
        return tuple(
            flow for flow in self.workflows if kind in flow.kinds and group in flow.groups and flow.major == major
        )
