"""Make the demonstration: site, keys, trust pin, verdict and pages. Its people are invented, its keys made on the spot."""

from __future__ import annotations

import argparse
import datetime as dt
import shutil
import sys
from functools import partial
from pathlib import Path

import git
from demo_stories import ORDINARY, STORIES, Stage, tell_extra_files
from demo_teller import ZONE, Teller, save_keys, sign_policy

from review import pipeline
from review.actions import founding, policy
from review.actions.drafting import checked_header
from review.actions.import_folder import read_folder
from review.actions.importing import import_posts
from review.cli.report_text import report_text
from review.cli.screen import complain, progress, say
from review.errors import QianfaError, UnusableSite
from review.formats import records
from review.history.objects import ObjectStore
from review.history.repository import make_repository, plain_environment
from review.history.throwaway_keys import ThrowawayKey
from review.history.work_tree import policy_of
from review.model.paths import POLICY_RECORD, content_kind, record_of
from review.model.people import Office
from review.render.serving import serve
from review.ways import publishing

NOW = dt.datetime(2026, 11, 21, 12, 0, tzinfo=ZONE)
"""The instant at which the demonstration is judged: its posts are of these days, whenever it is run."""

POLICY_FILES = ("columns.yaml", "workflows.yaml", "pelicanconf.py", "qianfa.yaml")
_OURS = {"site", "keys", "trust", "output"}
_MARKER = Path("keys", ".demonstration")
"""What says of a folder that a demonstration made it, and may take it away."""


def main() -> int:
    """Make the demonstration and say how to look at it."""
    parser = argparse.ArgumentParser(prog="scripts/demo", description=__doc__)
    parser.add_argument("folder", nargs="?", type=Path, default=Path("demo"), metavar="DIR")
    parser.add_argument(
        "--posts", type=Path, metavar="FOLDER", help="a folder of Markdown from elsewhere to take along"
    )
    parser.add_argument("--column", default="news", help="the column that those posts go to")
    parser.add_argument("--unit", default="", help="the unit that submits them")
    parser.add_argument("--serve", action="store_true", help="serve the site on loopback until Ctrl-C")
    parser.add_argument("--port", type=int, default=8000)
    parser.add_argument("--sample", type=Path, required=True, help=argparse.SUPPRESS)
    given = parser.parse_args()
    try:
        return run(given)
    except QianfaError as error:
        complain(error)
        return error.exit_status


def run(given: argparse.Namespace) -> int:
    """Make everything afresh in the folder."""
    folder: Path = given.folder
    if given.posts and not given.posts.is_dir():
        raise UnusableSite(
            "there is no such folder", where=str(given.posts), hint="name a folder of Markdown with --posts"
        )
    clear(folder)
    say(f"Telling the story of a site in {folder / 'site'} …")
    try:
        pin = tell(folder, given.sample, given.posts, given.column, given.unit)
    except BaseException:
        shutil.rmtree(folder, ignore_errors=True)  # nobody takes half a story for a whole one
        raise
    (folder / "trust").write_text(pin + "\n", encoding="ascii")
    options = pipeline.GateOptions(now=NOW, pin=pin)
    with progress() as show:
        built = publishing.build(folder / "site", "HEAD", options, folder / "output", show)
    say(report_text(built.report))
    say(
        f"{len(built.report.items)} items, {built.rendered.posts} pages online, "
        f"signed by {len(list((folder / 'keys').glob('*.pub')))} people."
    )
    say(f"The site is in {folder / 'output'}. Look at it with: scripts/demo {folder} --serve")
    say(f"Judge it again with: scripts/gate --site {folder / 'site'} --trust {pin} --now {NOW.isoformat()}")
    if given.serve:
        serve(folder / "output", given.port, partial(say, at_once=True))
    return 0


def clear(folder: Path) -> None:
    """Take away an earlier demonstration; refuse to touch anything else."""
    if folder.exists():
        if not folder.is_dir():
            raise UnusableSite("is a file", where=str(folder), hint="name another folder")
        there = {path.name for path in folder.iterdir()}
        others = there - _OURS if (folder / _MARKER).exists() else there
        if others:
            raise UnusableSite(
                f"holds {', '.join(sorted(others))}, which no demonstration made",
                where=str(folder),
                hint="name another folder",
            )
        shutil.rmtree(folder)
    (folder / _MARKER).parent.mkdir(parents=True, mode=0o700)
    (folder / _MARKER).touch(mode=0o600)


def tell(folder: Path, sample: Path, posts: Path | None, column: str, unit: str) -> str:
    """Make the repository and its story; return the trust pin."""
    template = (sample / "people.yaml").read_bytes()
    roles = founding.sample_roles(template, _Everybody())
    keys = {role.id: ThrowawayKey.generate() for role in roles}
    save_keys(folder / "keys", keys)
    files = {name: ("100644", (sample / name).read_bytes()) for name in POLICY_FILES}
    files |= {
        path.relative_to(sample).as_posix(): ("100644", path.read_bytes())
        for path in sorted((sample / "theme").rglob("*"))
        if path.is_file()
    }
    admins = ["admin-a", "admin-b", "admin-c"]
    people = founding.people_file(
        founding.sample_units(template),
        founding.sample_roles(template, {person: key.public.text() for person, key in keys.items()}),
        admins,
        2,
    )
    files |= {"people.yaml": ("100644", people), ".gitignore": ("100644", founding.GITIGNORE)}
    snapshot = policy_of({**files, POLICY_RECORD: ("100644", policy.NEW_RECORD)})
    if snapshot.policy is None:
        raise QianfaError(snapshot.problems[0].message)
    (folder / "site").mkdir()
    repository = make_repository(folder / "site")
    with ObjectStore(repository.objects) as store:
        teller = Teller(repository, store, keys, snapshot.policy)
        for path, (_, data) in files.items():
            teller.write(path, data)
        sign_policy(
            teller, policy.NEW_RECORD, snapshot.manifest, admins[:2], dt.datetime(2025, 9, 1, 9, 0, tzinfo=ZONE)
        )
        tell_posts(teller, sample)
        if posts is not None:
            tell_imported(teller, posts, column, unit)
        teller.finish()
    with plain_environment():
        git.Git(str(folder / "site")).reset("--hard", "--quiet")
    return snapshot.manifest


class _Everybody(dict[str, str]):
    """Says of everybody that they are in the cast."""

    def __contains__(self, person: object) -> bool:
        return True

    def __missing__(self, person: str) -> str:
        return ""


def tell_posts(teller: Teller, sample: Path) -> None:
    """Tell the sample's posts in the order of the days they were handed in, each with the story chosen for it."""
    content = sample / "content"
    items = {
        path.relative_to(sample).as_posix(): path
        for path in content.rglob("*.md")
        if content_kind(path.relative_to(sample).as_posix()) == "post"
    }
    days = {
        item: _submitted(path.with_name(path.name.removesuffix(".md") + ".review.yaml"), item)
        for item, path in items.items()
    }
    later: list[Stage] = []
    for item in sorted(items, key=lambda name: (days[name], name)):
        for path in _files_of(items[item]):
            teller.write(path.relative_to(sample).as_posix(), path.read_bytes())
        at = dt.datetime.combine(days[item], dt.time(9, 10), ZONE)
        stage = Stage(teller, item, at)
        STORIES.get(item, ORDINARY)(stage)
        later.append(stage)
    for stage in later:
        for act in stage.afterwards:
            act()
    tell_extra_files(teller, dt.datetime(2026, 11, 20, 17, 0, tzinfo=ZONE))


def _submitted(record: Path, item: str) -> dt.date:
    return dt.date.fromisoformat(records.parse(record.read_bytes(), item=item).header.submitted)


def _files_of(post: Path) -> list[Path]:
    attachments = post.with_suffix("")
    below = sorted(path for path in attachments.rglob("*") if path.is_file()) if attachments.is_dir() else []
    return [post, post.with_name(post.name.removesuffix(".md") + ".review.yaml"), *below]


def tell_imported(teller: Teller, posts: Path, column: str, unit: str) -> None:
    """Take posts from elsewhere and have them signed through the whole chain; list what had no place."""
    people = teller.policy.people
    found = teller.policy.columns.columns.get(column)
    able = [
        one.id
        for one in people.units.values()
        if found
        and found.takes_from(one.id, one.group)
        and any(people.holders((Office(name="officer", place=one.id),), one.id))
    ]
    submitting = unit or (able[0] if able else "")
    at = dt.datetime(2026, 11, 20, 9, 0, tzinfo=ZONE)
    header = checked_header(teller.policy, column=column, unit=submitting, kind="article", today=at.date())
    taken = {path.rpartition("/")[2].split(".")[0] for path in teller.files if path.startswith(f"content/{column}/")}
    imported = import_posts(read_folder(posts), column=column, taken=taken)
    for note in imported.notes:
        say(f"{note.file}:{note.line}: {note.what}; {note.action}")
    for source, reason in imported.skipped:
        say(f"{source}: skipped, {reason}")
    for post in imported.posts:
        teller.write(post.path, post.data)
        teller.write(record_of(post.path), records.serialise_header(header))
        for path, picture in post.attachments:
            teller.write(path, picture.read_bytes())
        teller.chain(post.path, at)
    say(f"{len(imported.posts)} posts from {posts} are signed through, {len(imported.skipped)} files were skipped.")


if __name__ == "__main__":
    sys.exit(main())
