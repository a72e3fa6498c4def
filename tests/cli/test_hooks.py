"""What git runs for a site: the server takes no push that harms it, and nobody's own hook is ever lost."""

from __future__ import annotations

import json
import os
import re
from collections.abc import Callable
from dataclasses import dataclass, replace
from pathlib import Path

import pytest
from command_line import QIANFA, Desk, Ran, environment, git, run, seated
from story import FULL_CHAIN, NEWS, NOW, OFFICES, Story, begin

from review.errors import UnusableSite
from review.formats import statements
from review.pipeline import GateOptions
from review.ways.receiving import NO_COMMIT, Update, objections, updates_of

OTHER = "content/news/2026-11-20-b.md"


@dataclass
class Server:
    """A bare repository with our pre-receive hook, at which a story's repository is told to be `origin`."""

    bare: Path
    story: Story
    desk: Desk

    def push(self, *what: str) -> Ran:
        """Push, and see whether nothing came of it where it was refused."""
        before = git(self.bare, "for-each-ref", home=self.desk.home)
        ran = run("git", "push", "--quiet", "origin", *(what or ("main",)), cwd=self.story.path, env=self.env)
        if ran.status:
            assert git(self.bare, "for-each-ref", home=self.desk.home) == before
            assert not [*self.bare.glob("objects/tmp_objdir-*"), *self.bare.glob("objects/incoming-*")]
        return ran

    def refuses(self, *what: str) -> str:
        """Push what must be refused and return what our hook says, its lines."""
        ran = self.push(*what)
        lines = [line.removeprefix("remote: ").strip() for line in ran.err.splitlines() if line.startswith("remote: ")]
        assert ran.status == 1, ran
        assert "pre-receive hook declined" in ran.err
        assert lines
        assert all(line.startswith("qianfa: ") for line in lines), ran.err
        return "\n".join(lines)

    def takes(self, *what: str) -> None:
        """Push what must be taken, in silence."""
        ran = self.push(*what)
        assert (ran.status, ran.out, ran.err) == (0, "", "")

    @property
    def env(self) -> dict[str, str]:
        return environment(self.desk.home)


def hooked(desk: Desk, bare: Path) -> Path:
    """Save the hook that the command prints into a bare repository, as docs/server.md says."""
    hook = bare / "hooks/pre-receive"
    hook.parent.mkdir(exist_ok=True)
    hook.write_text(desk.done("hook", "server"))
    hook.chmod(0o755)
    return hook


def served(story: Story, folder: Path, *, empty: bool = False) -> Server:
    """Return the server of a story, its hook pinned. It has what the story had by then, unless it is to be `empty`."""
    desk = seated(story, folder)
    bare = folder / 'the "server": one.git'
    git(folder, "init", "--quiet", "--bare", "--initial-branch=main", str(bare), home=desk.home)
    desk.git("remote", "add", "origin", f"file://{bare}")
    if not empty:
        desk.git("push", "--quiet", "origin", "main")
    hooked(desk, bare)
    return Server(bare, story, desk)


@pytest.fixture
def server(story: Story, tmp_path: Path) -> Server:
    """A server that has a site with one post half-way through its chain."""
    story.post()
    story.chain(NEWS, *FULL_CHAIN[:3])
    return served(story, tmp_path)


def judged(story: Story, old: str, *, new_branch: bool = False) -> list[str]:
    """Judge, in this process, a push of all that a story has told since `old`, where the server's branch is.

    The story's repository stands for the server's.
    """
    update = Update(old=old, new=story.head, ref="refs/heads/main")
    updates = [replace(update, old=NO_COMMIT, ref="refs/heads/new") if new_branch else update]
    options = GateOptions(now=NOW, pin=story.pin)
    git(story.path, "update-ref", "refs/heads/main", old)
    return [str(one) for one in objections(story.path, updates, options, quarantine="", protected=())]


@pytest.fixture
def half(story: Story) -> Story:
    """A story with one post half-way through its chain."""
    story.post()
    story.chain(NEWS, *FULL_CHAIN[:3])
    return story


# -- what is taken ---------------------------------------------------------------------------------------------------


def test_drafts_sign_offs_and_merges_are_taken(server: Server) -> None:
    story, base = server.story, server.story.head
    story.sign(NEWS, "leader", "leader-1")
    mine, files = story.head, dict(story.files)
    story.go(base)
    story.post(OTHER)
    story.commit("a draft, not even whole\n")
    story.write("content/news/nothing.txt", "no post\n")
    theirs = story.commit("what the gate refuses is no reason not to take it\n")
    story.files.update(files)
    story.commit("Merge\n", parents=(mine, theirs))
    server.takes()


def test_a_new_branch_is_taken_and_any_but_the_sites_may_be_rewritten_and_deleted(server: Server) -> None:
    base = server.story.head
    server.story.post(OTHER)
    server.story.commit()
    server.takes("HEAD:refs/heads/drafts")
    server.story.go(base)
    server.story.commit("another beginning\n")
    server.takes("+HEAD:refs/heads/drafts")
    server.takes(":refs/heads/drafts")


def test_a_policy_that_waits_for_its_second_administrator_is_taken_though_only_it_knows_the_first_ones_key(
    half: Story,
) -> None:
    story, base = half, half.head
    offices = {**OFFICES, "admin-d": ()}
    story.write_policy(people=story.people(offices, administrators="admin-a, admin-b, admin-d"))
    story.sign("policy", "policy", "admin-d", version=2)
    assert judged(story, base) == []


def test_a_withdrawal_that_has_no_effect_is_taken_for_it_is_truly_signed(half: Story) -> None:
    base = half.head
    half.sign(NEWS, "withdraw", "publisher-1", decision="withdraw", version=3)
    assert judged(half, base) == []


def test_tags_are_nobodys_business(server: Server) -> None:
    server.desk.git("tag", "kept")
    server.takes("kept")


def test_an_empty_server_takes_the_pinned_site(story: Story, tmp_path: Path) -> None:
    served(story, tmp_path, empty=True).takes()


# -- what is refused: history ----------------------------------------------------------------------------------------


def test_a_push_that_rewrites_the_sites_branch_is_refused(server: Server) -> None:
    server.desk.git("reset", "--quiet", "--hard", "HEAD~1")
    server.story.go(server.desk.head)
    server.story.commit("another continuation\n")
    assert "refs/heads/main: this push would rewrite what others have" in server.refuses("+HEAD:main")


def test_a_push_that_takes_the_branch_back_is_refused(server: Server) -> None:
    assert "would rewrite" in server.refuses("+HEAD~1:main")


def test_the_sites_branch_cannot_be_deleted(server: Server) -> None:
    git(server.bare, "config", "receive.denyDeleteCurrent", "ignore", home=server.desk.home)
    assert "refs/heads/main: this branch must not be deleted" in server.refuses(":main")


def test_branches_that_the_hook_names_are_kept_like_the_sites(half: Story) -> None:
    base = half.head
    half.commit("more\n")
    updates = [
        Update(old=base, new=NO_COMMIT, ref="refs/heads/kept"),
        Update(old=half.head, new=base, ref="refs/heads/also"),
        Update(old=half.head, new=base, ref="refs/heads/free"),
    ]
    options = GateOptions(now=NOW, pin=half.pin)
    found = objections(half.path, updates, options, quarantine="", protected=("kept", "also"))
    assert [one.where for one in found] == ["refs/heads/kept", "refs/heads/also"]


def test_the_command_hands_on_which_branches_are_kept(server: Server) -> None:
    line = f"{server.story.head} {NO_COMMIT} refs/heads/kept\n"
    assert receive(server, line).status == 0
    ran = receive(server, line, "--branch", "main", "--branch", "kept")
    assert ran.complaint.startswith("refs/heads/kept: this branch must not be deleted")


def test_one_bad_branch_keeps_the_whole_push_out(server: Server) -> None:
    base = server.story.head
    server.story.post(OTHER)
    server.story.commit()
    git(server.story.path, "update-ref", "refs/heads/good", server.story.head, home=server.desk.home)
    server.story.go(base)
    server.story.sign(NEWS, "leader", "leader-1", signed=False)
    server.refuses("good", "main")


def test_a_site_that_is_not_the_pinned_one_is_refused(story: Story, tmp_path: Path) -> None:
    server = served(story, tmp_path, empty=True)
    other = begin(tmp_path / "other")
    git(other.path, "remote", "add", "origin", str(server.bare), home=server.desk.home)
    assert "none of the 1 chains of policy versions contains the pinned" in replace(server, story=other).refuses()


def test_a_second_continuation_of_the_policy_is_refused(half: Story) -> None:
    base = half.head, dict(half.files), list(half.signed)
    half.sign_policy(people=half.people({**OFFICES, "new-1": ()}))
    taken, files = half.head, dict(half.files)
    half.go(base[0], base[1])
    half.signed[:] = base[2]
    half.sign_policy(people=half.people({**OFFICES, "new-2": ()}))
    half.files.update(files)
    half.commit("Merge\n", parents=(taken, half.head))
    (said,) = judged(half, taken)
    assert "continue in different ways" in said


def test_a_damaged_tree_is_refused(half: Story) -> None:
    base, tree = half.head, half.object("tree", b"100644 a\0" + b"\1" * 19)
    raw = f"tree {tree}\nparent {base}\nauthor a <a> 1 +0000\ncommitter a <a> 1 +0000\n\nwork\n".encode()
    half.go(half.object("commit", raw))
    (said,) = judged(half, base)
    assert "malformed" in said


def test_a_shallow_clone_cannot_bring_a_history_without_its_beginning(server: Server, tmp_path: Path) -> None:
    desk = server.desk
    bare = tmp_path / "empty.git"
    git(tmp_path, "init", "--quiet", "--bare", "--initial-branch=main", str(bare), home=desk.home)
    git(bare, "config", "receive.shallowUpdate", "true", home=desk.home)
    hooked(desk, bare)
    git(tmp_path, "clone", "--quiet", "--depth=1", f"file://{server.bare}", "shallow", home=desk.home)
    git(tmp_path / "shallow", "remote", "set-url", "origin", f"file://{bare}", home=desk.home)
    ran = run("git", "push", "--quiet", "origin", "main", cwd=tmp_path / "shallow", env=server.env)
    assert ran.status == 1
    assert "is missing; fetch the whole history: git fetch --unshallow" in ran.err
    assert git(bare, "for-each-ref", home=desk.home) == ""


def test_a_shallow_clone_of_what_the_server_has_may_push_onto_it(server: Server, tmp_path: Path) -> None:
    home = server.desk.home
    git(tmp_path, "clone", "--quiet", "--depth=1", f"file://{server.bare}", "shallow", home=home)
    (tmp_path / "shallow/content/news/c.md").write_text("Title: 新\n\n正文。\n")
    git(tmp_path / "shallow", "add", ".", home=home)
    git(tmp_path / "shallow", "commit", "--quiet", "--message", "a draft", home=home)
    git(tmp_path / "shallow", "push", "--quiet", "origin", "main", home=home)


# -- what is refused: sign-offs that do not hold ---------------------------------------------------------------------


def unsigned(story: Story) -> None:
    story.sign(NEWS, "leader", "leader-1", signed=False)


def with_anothers_key(story: Story) -> None:
    story.sign(NEWS, "leader", "leader-1", key=story.key("publisher-1"))


def with_a_strangers_key(story: Story) -> None:
    story.sign(NEWS, "leader", "leader-1", key=story.key("nobody"))


def changed_afterwards(story: Story) -> None:
    story.sign(NEWS, "leader", "leader-1", forge=lambda raw: raw.replace(b'note: ""', b'note: "yes"'))


def for_another_site(story: Story) -> None:
    story.sign(NEWS, "leader", "leader-1", site="another")


def spelled_otherwise(story: Story) -> None:
    story.commit("Sign-off: leader approve content/news/2026-11-20-a.md\n\nI approve.\n", key=story.key("leader-1"))


def hidden_behind_an_empty_line(story: Story) -> None:
    said = story.last(NEWS)
    assert said is not None
    story.commit(b"\n" + statements.serialise(said.statement))


def without_its_heading(story: Story) -> None:
    said = story.last(NEWS)
    assert said is not None
    story.commit(statements.serialise(said.statement).partition(b"\n\n")[2])


def again_without_the_signature(story: Story) -> None:
    """As a rebase leaves it: an honest statement, in a commit that nobody signed."""
    said = story.last(NEWS)
    assert said is not None
    story.commit(statements.serialise(said.statement))


@pytest.mark.parametrize(
    ("forge", "says"),
    [
        (unsigned, "the sign-off leader of version 1 by leader-1: commit"),
        (with_anothers_key, "is signed with a key of publisher-1"),
        (with_a_strangers_key, "which nobody holds under policy version 1"),
        (changed_afterwards, "the sign-off leader of version 1 by leader-1: commit"),
        (for_another_site, "was made for the site 'another'"),
        (spelled_otherwise, "looks like a sign-off, but is not spelled as one"),
        (hidden_behind_an_empty_line, "looks like a sign-off, but is not spelled as one"),
        (without_its_heading, "looks like a sign-off, but is not spelled as one"),
        (again_without_the_signature, "the sign-off publicity of version 1 by reviewer-1: commit"),
    ],
)
@pytest.mark.parametrize("new_branch", [False, True])
def test_a_sign_off_that_does_not_hold_is_refused_wherever_it_goes(
    half: Story, forge: Callable[[Story], None], says: str, new_branch: bool
) -> None:
    base = half.head
    forge(half)
    bad = half.head[:12]
    half.commit("more work on top\n")
    (said,) = judged(half, base, new_branch=new_branch)
    assert says in said
    assert said.startswith(f"{bad}: ")
    assert "leave this commit out and sign again" in said


def test_a_policy_signed_by_somebody_who_is_none_of_its_people_is_refused(half: Story) -> None:
    base = half.head
    half.write_policy(people=half.people({**OFFICES, "new-1": ()}))
    half.sign("policy", "policy", "admin-a", version=2, key=half.key("nobody"))
    (said,) = judged(half, base)
    assert "which nobody holds" in said


def test_somebody_who_has_left_signs_on_an_old_branch_and_is_refused(half: Story) -> None:
    base, files = half.head, dict(half.files)
    last = half.last(NEWS)
    half.sign_policy(people=half.people({one: held for one, held in OFFICES.items() if one != "leader-1"}))
    taken, now = half.head, dict(half.files)
    half.go(base, files)
    half.sign(NEWS, "leader", "leader-1", previous=last.digest if last else "")
    half.files.update(now)
    half.commit("Merge\n", parents=(taken, half.head))
    (said,) = judged(half, taken)
    assert "which nobody holds under policy version 2" in said


def test_what_was_refused_once_can_be_pushed_without_the_bad_commit(server: Server) -> None:
    base = server.story.head, dict(server.story.files), list(server.story.signed)
    unsigned(server.story)
    server.refuses()
    server.story.go(base[0], base[1])
    server.story.signed[:] = base[2]
    server.story.sign(NEWS, "leader", "leader-1")
    server.takes()


# -- the hook itself -------------------------------------------------------------------------------------------------


def test_a_trust_pin_is_baked_into_the_hook_and_its_lack_is_written_there(server: Server) -> None:
    assert f"--trust {server.desk.pin} " in server.desk.done("hook", "server")
    unpinned = replace(server.desk, pin="").done("hook", "server")
    assert "# No trust pin" in unpinned
    assert "hook receive --branch main --quarantine" in unpinned
    named = server.desk.done("hook", "server", "--branch", "site", "--branch", "kept")
    assert " --branch site --branch kept --quarantine" in named
    assert json.loads(replace(server.desk, pin="").done("hook", "server", "--json"))["pinned"] is False


def test_where_the_program_is_gone_nothing_is_taken(server: Server) -> None:
    hook = server.bare / "hooks/pre-receive"
    lines = hook.read_text().splitlines(keepends=True)
    hook.write_text("".join("qianfa=/nowhere/qianfa\n" if line.startswith("qianfa=") else line for line in lines))
    server.story.commit()
    path = os.pathsep.join(
        folder for folder in os.environ["PATH"].split(os.pathsep) if not (Path(folder) / "qianfa").exists()
    )
    ran = run("git", "push", "origin", "main", cwd=server.story.path, env=server.env | {"PATH": path})
    assert ran.status == 1
    assert "not installed on this server" in ran.err


@pytest.mark.parametrize(
    "text", ["nonsense\n", f"{NO_COMMIT} {NO_COMMIT}\n", f"{NO_COMMIT} {NO_COMMIT} refs/heads/x y\n"]
)
def test_what_is_no_update_is_no_push(text: str) -> None:
    with pytest.raises(UnusableSite, match="not what git tells a pre-receive hook"):
        updates_of(text)


def test_objects_are_read_from_the_repositorys_own_quarantine_and_from_no_other_place(
    server: Server, tmp_path: Path
) -> None:
    link = server.bare / "objects/tmp_objdir-incoming-x"
    link.symlink_to(server.story.path / ".git/objects")
    outside = tmp_path / "tmp_objdir-incoming-y"
    outside.mkdir()
    for place in (server.story.path / ".git/objects", link, outside, server.bare / "objects/pack", tmp_path / "none"):
        with pytest.raises(UnusableSite, match="no place of this repository"):
            list(objections(server.bare, [], GateOptions(now=NOW), quarantine=str(place), protected=()))


def receive(server: Server, text: str, *arguments: str | Path, **more: str) -> Ran:
    """Call the judging command as the hook would."""
    given = server.desk.home / "given"
    given.write_text(text)
    command = " ".join(f"'{part}'" for part in (QIANFA, "hook", "receive", *arguments))
    return run("sh", "-c", f"{command} <'{given}'", cwd=server.bare, env=server.env | more)


def test_the_environment_alone_cannot_lend_objects_to_a_verdict(server: Server) -> None:
    server.story.commit()
    away = str(server.story.path / ".git/objects")
    line = f"{NO_COMMIT} {server.story.head} refs/heads/new\n"
    ran = receive(server, line, GIT_ALTERNATE_OBJECT_DIRECTORIES=away, GIT_OBJECT_DIRECTORY=away)
    assert (ran.status, ran.out) == (2, "")
    assert "no commit is called" in ran.complaint


def test_for_programs_the_verdict_is_one_object(server: Server) -> None:
    unsigned(server.story)
    line = f"{'0' * 40} {server.story.head} refs/heads/new\n"
    git(server.story.path, "push", "--quiet", "--receive-pack=git -c core.hooksPath=/dev/null receive-pack", "origin",
        "HEAD:refs/heads/other", home=server.desk.home)  # fmt: skip
    ran = receive(server, line, "--json", "--trust", server.desk.pin)
    said = json.loads(ran.out)
    assert (ran.status, said["receive"], said["taken"], len(said["objections"])) == (1, 1, False, 1)


# -- the hook on one's own machine -----------------------------------------------------------------------------------


@pytest.fixture
def desk(story: Story, seat: Callable[[], Desk]) -> Desk:
    story.post()
    story.commit()
    return seat()


def hook_of(desk: Desk) -> Path:
    return desk.path / ".git/hooks/pre-commit"


def commit(desk: Desk, **more: str) -> Ran:
    """Commit what is staged, as people do."""
    who = {f"GIT_{part}_{what}": "someone" for part in ("AUTHOR", "COMMITTER") for what in ("NAME", "EMAIL")}
    return run("git", "commit", "--message", "work", cwd=desk.path, env=environment(desk.home, **who, **more))


def bad_post(desk: Desk) -> None:
    """Stage a post that nobody could hand in."""
    desk.write(NEWS, "no front matter at all\n")
    desk.git("add", NEWS)


def test_the_hook_is_there_and_runs_and_again_is_as_well_as_once(desk: Desk) -> None:
    assert str(Path(".git/hooks/pre-commit")) in desk.done("hook", "install")
    first = hook_of(desk).read_bytes(), hook_of(desk).stat().st_mode & 0o777
    assert first[1] == 0o755
    desk.done("hook", "install")
    assert (hook_of(desk).read_bytes(), hook_of(desk).stat().st_mode & 0o777) == first
    before = desk.head
    bad_post(desk)
    ran = commit(desk)
    assert (ran.status, desk.head) == (1, before)
    assert NEWS in ran.err + ran.out


def test_what_the_check_has_nothing_against_is_committed(desk: Desk) -> None:
    desk.done("hook", "install")
    desk.write(NEWS, "Title: 改过的标题\n\n改过的正文。\n")
    desk.git("add", NEWS)
    assert commit(desk).status == 0


def test_it_is_a_help_and_no_gate(desk: Desk) -> None:
    desk.done("hook", "install")
    bad_post(desk)
    desk.git("commit", "--quiet", "--no-verify", "--message", "on purpose")


def test_an_act_asks_no_hook(desk: Desk) -> None:
    hook_of(desk).parent.mkdir(exist_ok=True)
    for name in ("pre-commit", "commit-msg", "prepare-commit-msg", "post-commit"):
        hook_of(desk).with_name(name).write_text("#!/bin/sh\nexit 1\n")
        hook_of(desk).with_name(name).chmod(0o755)
    desk.done("submit", NEWS, by="officer-fx")


def test_somebody_elses_hook_is_never_written_over(desk: Desk) -> None:
    hook_of(desk).parent.mkdir(exist_ok=True)
    hook_of(desk).write_text("#!/bin/sh\necho mine\n")
    before = desk.everything()
    ran = desk.qianfa("hook", "install")
    assert (ran.status, ran.out) == (1, "")
    assert "not ours; put this line into it: " in ran.complaint
    assert "check --staged || exit; or have it called first with --force" in ran.complaint
    assert desk.everything() == before


def test_with_force_it_is_kept_beside_and_called_first(desk: Desk) -> None:
    hook_of(desk).parent.mkdir(exist_ok=True)
    hook_of(desk).write_text('#!/bin/sh\necho mine >&2\n[ -z "$STOP" ]\n')
    hook_of(desk).chmod(0o755)
    desk.done("hook", "install", "--force")
    kept = hook_of(desk).with_name("pre-commit.local")
    assert "echo mine" in kept.read_text()
    desk.write(NEWS, "Title: 改过的标题\n\n改过的正文。\n")
    desk.git("add", NEWS)
    before = desk.head
    stopped = commit(desk, STOP="yes")
    assert (stopped.status, desk.head) == (1, before)
    ran = commit(desk)
    assert ran.status == 0
    assert "mine" in ran.err
    desk.done("hook", "install", "--force")
    assert "echo mine" in kept.read_text(), "again is as well as once"
    hook_of(desk).write_text("#!/bin/sh\necho another\n")
    assert desk.qianfa("hook", "install", "--force").status == 1, "there is no second place to keep one"
    assert "echo mine" in kept.read_text()


def test_where_git_looks_for_hooks_elsewhere_nothing_is_written_and_that_is_told(desk: Desk) -> None:
    desk.git("config", "core.hooksPath", "team-hooks")
    before = desk.everything()
    ran = desk.qianfa("hook", "install")
    assert (ran.status, ran.out) == (1, "")
    assert "team-hooks: git looks for hooks there" in ran.complaint
    assert "put this line into pre-commit there: " in ran.complaint
    assert desk.everything() == before


def test_in_a_linked_work_tree_it_goes_where_git_looks_for_it(desk: Desk) -> None:
    desk.git("worktree", "add", "--quiet", "../linked", "-b", "linked")
    replace(desk, path=desk.path.parent / "linked").done("hook", "install")
    assert hook_of(desk).is_file()


def test_where_the_program_is_gone_the_commit_goes_on_with_a_word(desk: Desk) -> None:
    desk.done("hook", "install")
    hook = hook_of(desk)
    lines = hook.read_text().splitlines(keepends=True)
    hook.write_text("".join("qianfa=/nowhere/qianfa\n" if line.startswith("qianfa=") else line for line in lines))
    bad_post(desk)
    path = os.pathsep.join(
        folder for folder in os.environ["PATH"].split(os.pathsep) if not (Path(folder) / "qianfa").exists()
    )
    ran = commit(desk, PATH=path)
    assert ran.status == 0
    assert "nothing was checked; run: qianfa hook install" in ran.err


def test_a_bare_repository_has_no_commits_to_check(server: Server) -> None:
    ran = server.desk.qianfa("hook", "install", "--site", server.bare)
    assert (ran.status, ran.out) == (2, "")
    assert "no work tree" in ran.complaint


def test_for_programs_installing_answers_with_the_place(desk: Desk) -> None:
    said = json.loads(desk.done("hook", "install", "--json"))
    assert (said["hook"], Path(said["path"]).name, said["first"]) == (1, "pre-commit", "")


# -- docs/server.md --------------------------------------------------------------------------------------------------


def test_the_servers_page_can_be_followed_from_beginning_to_end(published: Desk, tmp_path: Path) -> None:
    page = (Path(__file__).parents[2] / "docs/server.md").read_text("utf-8")
    names, *blocks = re.findall(r"^```sh\n(.*?)^```$", page, re.MULTILINE | re.DOTALL)
    bare = tmp_path / "srv/my-site.git"
    given = {"BARE": bare, "REMOTE": f"file://{bare}", "STATE": tmp_path / "state", "WEB": tmp_path / "www"}
    assert set(re.findall(r"([A-Z_]+)=", names)) == {*given, "QIANFA_TRUST"}
    script = tmp_path / "script"
    script.write_text("set -eu\n" + "".join(blocks))
    env = {name: str(value) for name, value in given.items()} | {
        "QIANFA_TRUST": published.pin,
        "PATH": f"{QIANFA.parent}{os.pathsep}{os.environ['PATH']}",
    }
    ran = run("sh", script, cwd=published.path, env=environment(tmp_path, **env))
    assert ran.status == 0, ran
    assert git(bare, "rev-parse", "main", home=tmp_path) == published.head
    assert (tmp_path / "state/published").read_text().strip() == published.head
    assert (tmp_path / "www/index.html").is_file()
    assert (published.path / "my-clone/.git/hooks/pre-commit").is_file()
    assert "Nothing waits for anybody." in ran.out
