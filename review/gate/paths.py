"""Is every path clean, does every file belong somewhere, does no page take another's place? Names and modes only."""

from __future__ import annotations

import dataclasses
from collections.abc import Iterable, Iterator, Sequence

from review.messages import t, typed_inside
from review.model.commit_graph import CommitGraph
from review.model.evidence import Head
from review.model.findings import Finding, finding
from review.model.paths import POLICY, attachments_of, column_of, content_kind, path_problem, post_of, stem_of, zone_of
from review.model.policies import Policy
from review.model.reports import ItemReport, LivePost

CONTENT_MODES = ("100644",)
POLICY_MODES = ("100644", "100755")
_KINDS = {"120000": t("a symbolic link"), "160000": t("a submodule"), "100755": t("an executable file")}


_NOBODYS = t("neither a post, nor a record, nor an attachment of a post")


def shown(path: str) -> str:
    """Return a path as text that can be printed, bytes that are not UTF-8 as escapes."""
    return path.encode("utf-8", "surrogateescape").decode("utf-8", "backslashreplace")


def file_problems(item: str, files: Sequence[tuple[str, str]]) -> Iterator[Finding]:
    """Yield what section 2 has against the files of an item, given as (path, mode)."""
    modes = POLICY_MODES if item == POLICY else CONTENT_MODES
    for path, mode in files:
        if problem := path_problem(path):
            what = t("{where}: {what}", where=shown(path), what=problem)
            yield finding("path-invalid", what, item=item, path=shown(path), hint=t("rename the file"))
        if mode not in modes:
            what = _KINDS.get(mode, t("of mode {mode}", mode=mode))
            mend = t("run: git update-index --chmod=-x '{path}'", path=typed_inside(shown(path)))
            yield finding(
                "mode-invalid",
                t(
                    "{path} is {what}; a regular file of mode {mode} was expected",
                    path=shown(path),
                    what=what,
                    mode=modes[0],
                ),
                item=item,
                path=shown(path),
                hint=mend if mode == "100755" else t("replace it by a regular file"),
            )
    for first, second in _alike(path for path, _ in files):
        yield _collision(item, first, second)


def tree_problems(head: Head) -> Iterator[Finding]:
    """Yield what is wrong with the files at the commit beyond single items: orphans, paths that differ in case only."""
    owners = {attachments_of(post): post for post in head.posts}
    for path, mode in head.files:
        kind = content_kind(path)
        owner = path if kind == "post" else post_of(path) if kind == "record" else _owner(path, owners)
        if path.startswith("evidence/"):
            yield from file_problems("", [(path, mode)])
        elif not owner or path_problem(owner):
            yield finding(
                "file-orphan" if not path_problem(path) else "path-invalid",
                t("{where}: {what}", where=shown(path), what=path_problem(path) or _NOBODYS),
                path=shown(path),
                hint=t("put it below its post's folder, or take it out of content/"),
            )
    yield from (one for path, mode in head.policy_files for one in file_problems(POLICY, [(path, mode)]))
    for first, second in _alike(path for path, _ in (*head.files, *head.policy_files)):
        item = second if second in head.posts else _owner(second, owners) if zone_of(second) == "content" else POLICY
        if item not in head.posts or not (first.startswith(attachments_of(item)) and second != item):
            yield _collision(item, first, second)


def _owner(path: str, owners: dict[str, str]) -> str:
    parts = path.split("/")
    for length in range(len(parts) - 1, 2, -1):
        post = owners.get("/".join(parts[:length]) + "/")
        if post:
            return post
    return ""


def _alike(files: Iterable[str]) -> Iterator[tuple[str, str]]:
    """Yield pairs of files or folders that one place would hold where letter case does not count."""
    paths: set[str] = set()
    for file in files:
        while file and file not in paths:
            paths.add(file)
            file = file.rpartition("/")[0]  # noqa: PLW2901  # up to the root, or to a folder that is known
    seen: dict[str, str] = {}
    for path in sorted(paths):
        first = seen.setdefault(path.casefold(), path)
        if first != path:
            yield first, path


def _collision(item: str, first: str, second: str) -> Finding:
    return finding(
        "path-invalid",
        t("{path} and {other} differ in letter case only", path=shown(second), other=shown(first)),
        item=item,
        path=shown(second),
        hint=t("rename one of the two"),
    )


def collisions(online: Sequence[LivePost], policy: Policy, graph: CommitGraph) -> Iterator[Finding]:
    """Yield the live posts whose files would take the place of another's that came first, or of a column's own pages.

    Each was signed as it is; together, or under the columns now in force, they cannot all stand on one site.
    """
    claims: dict[str, list[LivePost]] = {}
    for post in sorted(online, key=lambda one: one.item):
        folder = f"{column_of(post.item)}/{stem_of(post.item)}"
        if folder in policy.columns.columns:
            yield _displaced(post, t("the column {folder}", folder=folder))
        for place in {file.path.casefold() for file in post.files}:
            claims.setdefault(place, []).append(post)
    for rivals in claims.values():
        if len(rivals) > 1:
            holder = _first(rivals, graph)
            for post in rivals:
                if post is not holder:
                    yield _displaced(post, t("the post {item}", item=holder.item))


def _first(posts: Sequence[LivePost], graph: CommitGraph) -> LivePost:
    """Return the post that provably was online first; the first by name where the history does not tell."""
    return next((one for one in posts if not any(_before(other, one, graph) for other in posts)), posts[0])


def _before(one: LivePost, other: LivePost, graph: CommitGraph) -> bool:
    """Tell whether some sign-off of `other` was made only after `one` was complete."""
    return one is not other and any(graph.is_ancestor(one.first_chain[-1], commit) for commit in other.first_chain)


def _displaced(post: LivePost, what: str) -> Finding:
    return finding(
        "path-invalid",
        t("its pages would take the place of {what}", what=what),
        item=post.item,
        path=post.item,
        hint=t("publish it under another name"),
    )


def without_colliding(report: ItemReport, kept_off: set[str]) -> ItemReport:
    """Return the report of an item that is kept off the site because its place is taken."""
    if report.item not in kept_off:
        return report
    return dataclasses.replace(report, state="refused", live_version=0)
