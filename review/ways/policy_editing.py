"""The way of a change to the policy files: read the work tree, edit, say what follows, write. Nothing is signed here."""

from __future__ import annotations

from collections.abc import Iterator, Mapping, Sequence
from contextlib import contextmanager, suppress
from dataclasses import dataclass
from pathlib import Path

from review import pipeline
from review.errors import Refused, UnusableSite
from review.formats import policy_files
from review.gate.bench import Bench
from review.gate.compromise import Returning, Voided, would_return, would_void
from review.history.objects import ObjectStore
from review.history.work_tree import behind_link, tracked_files
from review.history.writing import Writer, read_back, refresh, uninterrupted, write_file
from review.messages import t
from review.model.paths import POLICY_RECORD
from review.model.people import People
from review.model.policies import Policy
from review.views import holdings, policy_changes, policy_log
from review.views.holdings import Gap, Stranded
from review.views.policy_sentences import Change

Files = Mapping[str, tuple[str, bytes]]


@dataclass(frozen=True, slots=True, kw_only=True)
class Workplace:
    """A site whose policy files are about to be edited: as the work tree has them, and what is in force (None at first)."""

    session: pipeline.Session
    bench: Bench | None
    files: Files
    policy: Policy

    @property
    def site(self) -> Path:
        """The site's folder."""
        return self.session.repository.path

    @property
    def texts(self) -> dict[str, bytes]:
        """The files that the policy is read from: three of them, and certificates."""
        return _texts(self.files)


@dataclass(frozen=True, slots=True, kw_only=True)
class Rule:
    """How many must sign a policy, of whom."""

    needs: int
    people: tuple[str, ...]


@dataclass(frozen=True, slots=True, kw_only=True)
class Plan:
    """A change that is ready to be written, in words, and what follows from it once it is in force.

    `gaps` are stages that nobody could sign any more, `stranded` posts under way that it stops, `offline` versions that a key
    marked compromised takes off, `online` such as come back. `rules` say who must sign: each of them must be met. `begun` are
    administrators who have signed the next version without it, and must again.
    """

    files: Mapping[str, bytes]
    policy: Policy
    changes: tuple[Change, ...]
    gaps: tuple[Gap, ...]
    stranded: tuple[Stranded, ...]
    offline: tuple[Voided, ...]
    online: tuple[Returning, ...]
    version: int
    rules: tuple[Rule, ...]
    begun: tuple[str, ...]
    in_force: bool
    """Whether the files are those in force, so that nothing is left to sign."""

    @property
    def hurts(self) -> bool:
        """Tell whether somebody should think twice."""
        return bool(self.gaps or self.stranded)


@contextmanager
def at_work(
    site: Path, options: pipeline.GateOptions, progress: pipeline.Progress = pipeline.silent
) -> Iterator[Workplace]:
    """Open a site to edit its policy files. `Refused` where it is blocked, or these files are not valid as they are."""
    with pipeline.judged(site, "HEAD", options, progress) as session:
        session.repository.check_work_tree()
        blocking = [one for one in session.report.findings if one.severity == "block" and one.code != "policy-missing"]
        if blocking:
            raise Refused(blocking[0].message, where=blocking[0].code, hint=blocking[0].hint)
        bench = pipeline.bench_of(session, options) if session.report.policy is not None else None
        files = tracked_files(session.repository)
        policy = parsed(_texts(files), hint=t("set the file right first; it is not as the last command left it"))
        progress("done", 0, 0)
        yield Workplace(session=session, bench=bench, files=files, policy=policy)


def parsed(texts: Mapping[str, bytes], *, hint: str) -> Policy:
    """Return the policy that these files make; `Refused` with the first reason why they make none."""
    policy, problems = policy_files.parse(texts)
    if policy is None:
        raise Refused(problems[0].what, where=problems[0].where, hint=hint)
    return policy


def plan(at: Workplace, edits: Mapping[str, bytes]) -> Plan:
    """Return what these files would change, known to be valid; nothing is written."""
    new = {path: data for path, data in edits.items() if at.files.get(path, ("", None))[1] != data}
    policy, problems = policy_files.parse({**at.texts, **new})
    if policy is None:
        where = problems[0].where.partition(":")[0]
        raise Refused(
            t("it would not be valid: {what}", what=problems[0].what), where=where, hint=t("nothing was written")
        )
    bench = at.bench
    _no_mark_taken_back(at, policy)
    marks = policy.people.compromised - at.policy.people.compromised
    return Plan(
        files=new,
        policy=policy,
        changes=policy_changes.changes(at.policy, policy),
        gaps=holdings.gaps(at.policy, policy),
        stranded=holdings.stranded(bench, at.session.report.items, at.policy, policy) if bench else (),
        offline=would_void(bench, marks) if bench and marks else (),
        online=would_return(bench, marks) if bench and marks else (),
        version=bench.in_force.version + 1 if bench else 1,
        rules=rules_for(bench, policy),
        begun=_begun(bench) if bench else (),
        in_force=_in_force(at, new),
    )


def _in_force(at: Workplace, new: Mapping[str, bytes]) -> bool:
    """Tell whether the files with these edits are the very ones that are signed."""
    trees = at.session.trees
    if at.bench is None or trees is None:
        return False
    signed = {file.path: trees.bytes_of(file.blob) for file in trees.policy(at.bench.in_force.commit).files}
    here = {**{path: data for path, (_, data) in at.files.items()}, **new}
    return {path: data for path, data in here.items() if path != POLICY_RECORD} == signed


def _no_mark_taken_back(at: Workplace, policy: Policy) -> None:
    """Refuse to list a key as usable that the site holds to be compromised: that would make all that it signed count again."""
    marked = at.bench.compromised if at.bench else frozenset()
    for key in sorted(marked & policy.people.owners.keys()):
        if key not in at.policy.people.owners:
            raise Refused(
                t("the key {key} was marked compromised, and listing it again would take the mark back", key=key),
                where=policy_files.PEOPLE,
                hint=t("give another key: ssh-keygen -t ed25519 makes one"),
            )


def _begun(bench: Bench) -> tuple[str, ...]:
    """Return who has signed the files of the commit as the next version, which is not complete yet."""
    waiting = [one for one in policy_log.entries(bench) if one.state == "waiting" and one.here]
    return tuple(dict.fromkeys(signature.by for one in waiting for signature in one.signatures))


def rules_for(bench: Bench | None, policy: Policy) -> tuple[Rule, ...]:
    """Return who must sign a policy: as the rules in force say, and as its own do."""
    both: Sequence[People] = [*([bench.in_force.policy.people] if bench else []), policy.people]
    return tuple(dict.fromkeys(Rule(needs=people.needs, people=people.administrators) for people in both))


def write(at: Workplace, ready: Plan) -> None:
    """Write the files of a plan into the work tree, all or none, and have git know those that are new.

    `Refused` where one of them changed since it was read: somebody else is editing it.
    """
    modes = {path: at.files[path][0] if path in at.files else "100644" for path in ready.files}
    for path, mode in modes.items():
        if mode not in ("100644", "100755") or behind_link(at.site, path):
            raise Refused(t("a symbolic link leads there"), where=path, hint=t("make it a regular file"))
    with uninterrupted():
        for path in ready.files:
            known = at.files[path][1] if path in at.files else None
            if read_back(at.site / path) not in (known, ready.files[path]):
                raise Refused(
                    t("it changed while this command looked at it, so nothing was written"),
                    where=path,
                    hint=t("run the command again"),
                )
        written: list[str] = []
        try:
            for path, data in ready.files.items():
                written.append(path)
                write_file(at.site / path, data)
                if modes[path] == "100755":
                    (at.site / path).chmod(0o755)
            _add(at, {path: ("100644", data) for path, data in ready.files.items() if path not in at.files})
        except BaseException:
            _undo(at, written)
            raise


def _add(at: Workplace, new: Mapping[str, tuple[str, bytes]]) -> None:
    """Have git know new files: only those that it knows can be signed."""
    if not new:
        return
    repository = at.session.repository
    with ObjectStore(repository.objects) as store:
        writer = Writer(repository, store)
        for _, data in new.values():
            writer.blob(data)
    try:
        refresh(repository, new)
    except UnusableSite:
        raise UnusableSite(
            t("git could not take in the new file, so nothing was written"),
            where=next(iter(new)),
            hint=t("see whether another git is at work there, then run the command again"),
        ) from None


def _undo(at: Workplace, written: Sequence[str]) -> None:
    for path in written:
        if path in at.files:
            write_file(at.site / path, at.files[path][1])
        else:
            with suppress(OSError):
                (at.site / path).unlink()


def _texts(files: Files) -> dict[str, bytes]:
    return {
        path: data
        for path, (mode, data) in files.items()
        if mode in ("100644", "100755") and (path in policy_files.FILES or path.startswith(policy_files.CERTIFICATES))
    }
