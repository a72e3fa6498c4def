"""Signing beside others: what one signs reaches the server, nothing of anybody's is lost, and what cannot be sent is told."""

from __future__ import annotations

import json
import os
import threading
from collections.abc import Callable
from dataclasses import dataclass, replace
from pathlib import Path

import pexpect
import pytest
from command_line import QIANFA, Desk, Ran, environment, git, run, seated
from story import FULL_CHAIN, NEWS, NOW, Story, begin

from review import pipeline
from review.model.paths import record_of

OTHER = "content/news/2026-11-20-b.md"
PUSH_ALWAYS = "push: yes\n"


@dataclass
class Office:
    """A bare repository on the server, and the clones of the people who share it."""

    bare: Path
    first: Desk
    second: Desk

    @property
    def head(self) -> str:
        return git(self.bare, "rev-parse", "main", home=self.first.home)

    def holds(self, commit: str) -> bool:
        return commit in git(self.bare, "rev-list", "main", home=self.first.home).split()

    def report(self) -> tuple[int, dict[str, str]]:
        """The gate's exit status on what the server has, and the state of each item."""
        report = pipeline.gate(self.bare, "main", pipeline.GateOptions(now=NOW, pin=self.first.pin))
        return report.exit_status, {item.item: item.state for item in report.items}


def opened(story: Story, folder: Path) -> Office:
    """Return the office at a story: its repository on a server, two clones of it over file://."""
    desk = seated(story, folder)
    bare = folder / "server.git"
    desk.git("clone", "--quiet", "--bare", str(story.path), str(bare))
    clones = []
    for name in ("first", "second"):
        desk.git("clone", "--quiet", f"file://{bare}", str(folder / name))
        clones.append(replace(desk, path=folder / name))
    return Office(bare, *clones)


def told(folder: Path, *, until: int = 4, settings: str = "") -> Story:
    """Return a story whose two posts have been signed by the first people of their chain."""
    story = begin(folder / "site") if not settings else Story(folder / "site")
    if settings:
        story.write("qianfa.yaml", settings)
        story.sign_policy()
    for item in (NEWS, OTHER):
        story.post(item)
        story.chain(item, *FULL_CHAIN[:until])
    return story


@pytest.fixture
def office(tmp_path: Path) -> Office:
    return opened(told(tmp_path), tmp_path)


def test_a_sign_off_is_sent_where_that_is_asked_for_and_said_in_a_second_line(office: Office) -> None:
    said = office.first.done("approve", NEWS, "--push", by="publisher-1").splitlines()
    assert said[-1] == "sent to origin main"
    assert office.head == office.first.head
    assert office.report() == (0, {NEWS: "live", OTHER: "in-review"})


def test_without_a_word_it_stays_here_unless_the_site_says_otherwise(office: Office) -> None:
    before = office.head
    assert "sent" not in office.first.done("approve", NEWS, by="publisher-1")
    assert office.head == before != office.first.head


def test_the_sites_settings_in_force_send_by_themselves_and_no_push_overrules_them(tmp_path: Path) -> None:
    office = opened(told(tmp_path, settings=PUSH_ALWAYS), tmp_path)
    office.first.done("approve", NEWS, by="publisher-1")
    assert office.head == office.first.head
    office.first.done("approve", OTHER, "--no-push", by="publisher-1")
    assert office.first.git("rev-parse", "HEAD^") == office.head


def test_where_only_the_settings_send_what_others_sent_comes_in_with_the_sending(tmp_path: Path) -> None:
    office = opened(told(tmp_path, settings=PUSH_ALWAYS), tmp_path)
    office.first.done("approve", NEWS, by="publisher-1")
    office.second.done("approve", OTHER, by="publisher-2")
    assert office.second.git("rev-parse", "HEAD^2") == office.first.head, "fetched after it was signed, not before"
    assert office.head == office.second.head
    assert office.report() == (0, {NEWS: "live", OTHER: "live"})


def test_a_remote_that_is_away_does_not_keep_it_from_the_one_that_the_settings_in_force_name(tmp_path: Path) -> None:
    office = opened(told(tmp_path, settings="push: yes\nremote: office\n"), tmp_path)
    office.first.git("remote", "add", "office", str(office.bare))
    office.first.git("remote", "set-url", "origin", str(tmp_path / "away"))
    assert office.first.done("approve", NEWS, "--push", by="publisher-1").endswith("sent to office main\n")
    assert office.head == office.first.head


def test_for_programs_standard_output_is_one_object_whatever_is_sent(office: Office) -> None:
    said = json.loads(office.first.done("approve", NEWS, "--push", "--json", by="publisher-1"))
    assert (said["act"], said["commit"]) == (1, office.head)


def test_what_others_sent_is_brought_in_before_signing(office: Office) -> None:
    office.first.done("approve", NEWS, "--push", by="publisher-1")
    office.second.done("approve", OTHER, "--push", by="publisher-1")
    assert office.second.git("rev-parse", "HEAD^") == office.first.head, "no merge is needed"
    assert office.second.git("status", "--porcelain") == ""
    assert office.second.read(record_of(NEWS)) == office.first.read(record_of(NEWS))
    assert office.report() == (0, {NEWS: "live", OTHER: "live"})


def test_a_sign_off_made_before_others_sent_theirs_is_brought_together_with_them_and_stays_as_it_is(
    office: Office,
) -> None:
    office.first.done("approve", NEWS, by="publisher-1")
    mine = office.first.head
    office.second.done("approve", OTHER, "--push", by="publisher-2")
    office.first.done("withdraw", NEWS, "--note", "有误", "--push", by="reviewer-1")
    assert office.head == office.first.head
    assert office.holds(mine)
    assert office.holds(office.second.head)
    assert office.first.git("status", "--porcelain") == ""
    assert office.report() == (0, {NEWS: "withdrawn", OTHER: "live"})
    merge = office.first.git("log", "--merges", "--format=%an %s%n%G?", "-1").split("\n")
    assert merge == ["qianfa Merge what others sent", "N"]


def racing(office: Office, *acts: Callable[[], Ran]) -> list[Ran]:
    """Run commands at the same moment, each in a process of its own."""
    ran: list[Ran] = []
    threads = [threading.Thread(target=lambda act=act: ran.append(act())) for act in acts]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()
    return ran


def test_two_who_sign_different_posts_at_the_same_moment_both_get_through(office: Office) -> None:
    first, second = replace(office.first, here=False), replace(office.second, here=False)
    ran = racing(
        office,
        lambda: first.qianfa("approve", NEWS, "--push", by="publisher-1"),
        lambda: second.qianfa("approve", OTHER, "--push", by="publisher-2"),
    )
    assert [(one.status, one.err) for one in ran] == [(0, "")] * 2
    assert office.report() == (0, {NEWS: "live", OTHER: "live"})
    log = git(office.bare, "log", "--no-merges", "--format=%G? %s", "main", home=office.first.home)
    assert log.count("publish approve") == 2


def while_pushing(office: Office, first: Desk, then: Callable[[], object]) -> Desk:
    """Return a desk where something happens between its sign-off and its first push: git's own hook calls for it."""
    hook = first.path / ".git/hooks/pre-push"
    hook.parent.mkdir(exist_ok=True)
    gate, answer = office.bare.parent / "gate", office.bare.parent / "answer"
    for pipe in (gate, answer):
        os.mkfifo(pipe)
    hook.write_text(f"#!/bin/sh\n[ -e {hook}.done ] && exit 0\n: >{hook}.done\necho go >{gate}\nread _ <{answer}\n")
    hook.chmod(0o755)

    def wait() -> None:
        gate.read_text()
        then()
        answer.write_text("done\n")

    threading.Thread(target=wait, daemon=True).start()
    return replace(first, here=False)


def test_whoever_is_overtaken_between_sign_off_and_push_brings_both_together_and_tries_again(office: Office) -> None:
    desk = while_pushing(office, office.first, lambda: office.second.git("push", "--quiet", "origin", "HEAD:main"))
    office.second.done("approve", OTHER, by="publisher-2")
    ran = desk.qianfa("approve", NEWS, "--push", by="publisher-1")
    assert (ran.status, ran.err) == (0, "")
    assert office.head == office.first.head
    assert office.first.git("rev-parse", "HEAD^2") == office.second.head
    assert office.first.git("log", "-1", "--format=%s", "HEAD^1").startswith("Sign-off: publish approve")
    assert office.report() == (0, {NEWS: "live", OTHER: "live"})


def test_two_who_sign_the_same_post_hear_of_it_and_the_second_keeps_the_commit(office: Office) -> None:
    desk = while_pushing(office, office.first, lambda: office.second.git("push", "--quiet", "origin", "HEAD:main"))
    office.second.done("approve", NEWS, by="publisher-2")
    ran = desk.qianfa("approve", NEWS, "--push", by="publisher-1")
    assert ran.status == 1
    assert "publisher-1 signed publish" in ran.out, "the act itself was carried out"
    assert "is in the commit here, but was not sent" in ran.complaint
    assert record_of(NEWS) in ran.complaint
    theirs = office.second.head
    assert f"git reset --keep {theirs[:12]}" in ran.complaint
    assert office.head == theirs
    assert office.first.git("log", "-1", "--format=%s").startswith("Sign-off: publish approve")
    assert office.first.git("status", "--porcelain") == ""
    # The next step that it names works.
    office.first.git("reset", "--keep", theirs[:12])
    assert office.report() == (0, {NEWS: "live", OTHER: "in-review"})


def test_what_cannot_go_together_is_refused_before_the_key_is_asked_for(office: Office) -> None:
    office.first.done("approve", NEWS, by="publisher-1")
    office.second.done("approve", NEWS, "--push", by="publisher-2")
    before = office.first.head
    ran = office.first.qianfa("approve", OTHER, "--push", by="publisher-1")
    assert (ran.status, ran.out, office.first.head) == (1, "", before)
    assert "nothing was signed: others changed the same files" in ran.complaint
    assert "--no-push" in ran.complaint
    office.first.done("approve", OTHER, "--no-push", by="publisher-1")


@pytest.mark.parametrize("staged", [False, True])
def test_edits_that_are_not_committed_are_never_written_over(office: Office, staged: bool) -> None:
    office.second.write(NEWS, "Title: 别人改的\n\n正文。\n")
    office.second.git("commit", "--quiet", "--all", "--message", "edit")
    office.second.git("push", "--quiet")
    office.first.write(NEWS, "Title: 我改的\n\n还没有写完。\n")
    if staged:
        office.first.git("add", NEWS)
    before = office.first.everything()
    ran = office.first.qianfa("approve", OTHER, "--push", by="publisher-1")
    assert (ran.status, ran.out) == (1, "")
    assert NEWS in ran.complaint
    assert "not committed" in ran.complaint
    changed = {path for path, value in office.first.everything().items() if before.get(path) != value}
    assert {path for path in changed if not path.startswith(".git/")} == set()
    assert office.first.read(NEWS) == "Title: 我改的\n\n还没有写完。\n"


def test_edits_in_the_way_of_what_came_after_the_signature_keep_it_here_and_that_is_told(office: Office) -> None:
    def send() -> None:
        office.second.git("push", "--quiet", "origin", "HEAD:main")
        office.first.write(OTHER, "Title: 我改的\n\n还没有写完。\n")

    office.second.write(OTHER, "Title: 别人改的\n\n正文。\n")
    office.second.git("commit", "--quiet", "--all", "--message", "edit")
    desk = while_pushing(office, office.first, send)
    ran = desk.qianfa("approve", NEWS, "--push", by="publisher-1")
    assert ran.status == 1
    assert "is in the commit here, but was not sent" in ran.complaint
    assert OTHER in ran.complaint
    assert office.first.read(OTHER) == "Title: 我改的\n\n还没有写完。\n"
    assert office.first.git("log", "-1", "--format=%s").startswith("Sign-off: publish approve")


def test_edits_elsewhere_stay_as_they_are_when_others_work_comes_in(office: Office) -> None:
    office.second.done("approve", OTHER, "--push", by="publisher-2")
    office.first.write("content/news/draft.md", "Title: 草稿\n\n正文。\n")
    office.first.write("columns.yaml", office.first.read("columns.yaml") + "# 待改\n")
    office.first.git("add", "columns.yaml")
    office.first.done("approve", NEWS, "--push", by="publisher-1")
    assert office.first.git("status", "--porcelain").splitlines() == ["M  columns.yaml", "?? content/news/draft.md"]


def test_files_that_others_took_out_made_or_turned_into_folders_are_so_here(office: Office) -> None:
    second = office.second
    second.git("rm", "--quiet", OTHER)
    second.write("content/news/new.md", "Title: 新\n\n正文。\n")
    second.write("assets", "a file\n")
    second.git("add", ".")
    second.git("commit", "--quiet", "--message", "work")
    second.git("push", "--quiet")
    office.first.done("approve", NEWS, by="publisher-1")
    office.first.done("withdraw", NEWS, "--note", "有误", "--push", by="reviewer-1")
    assert not (office.first.path / OTHER).exists()
    assert office.first.read("assets") == "a file\n"
    second.git("pull", "--quiet")
    (second.path / "assets").unlink()
    second.write("assets/inside", "now a folder\n")
    second.git("add", "--all")
    second.git("commit", "--quiet", "--message", "more")
    second.git("push", "--quiet")
    office.first.write("content/news/mine.md", "Title: 我的\n\n正文。\n")
    office.first.git("add", "content/news/mine.md")
    office.first.git("commit", "--quiet", "--message", "mine")
    assert office.first.qianfa("approve", NEWS, "--push", by="publisher-1").status == 1, "nothing is left to sign"
    assert office.first.read("assets/inside") == "now a folder\n"
    assert office.first.git("status", "--porcelain") == ""


# -- what can be wrong with the remote -------------------------------------------------------------------------------


def signed_but_not_sent(office: Office, *arguments: str) -> str:
    """Approve with --push where sending fails: the sign-off is made all the same. Return the complaint."""
    before = office.first.head
    ran = office.first.qianfa("approve", NEWS, "--push", *arguments, by="publisher-1")
    assert ran.status == 1, ran
    assert office.first.git("rev-parse", "HEAD^") == before
    assert "what you signed is in the commit here, but was not sent: " in ran.complaint
    return ran.complaint


def test_off_line_one_signs_all_the_same_and_hears_how_to_send_it_later(office: Office) -> None:
    office.bare.rename(office.bare.with_name("away.git"))
    complaint = signed_but_not_sent(office)
    assert "origin main: " in complaint
    assert "does not appear to be a git repository" in complaint
    assert "git push" in complaint
    office.bare.with_name("away.git").rename(office.bare)
    office.first.git("push", "--quiet")
    assert office.report() == (0, {NEWS: "live", OTHER: "in-review"})


def test_for_programs_the_object_is_there_and_the_exit_status_says_that_it_was_not_sent(office: Office) -> None:
    office.bare.rename(office.bare.with_name("away.git"))
    ran = office.first.qianfa("approve", NEWS, "--push", "--json", by="publisher-1")
    assert (ran.status, json.loads(ran.out)["commit"]) == (1, office.first.head)


def test_a_clone_without_the_remote_says_how_to_name_it(office: Office) -> None:
    office.first.git("remote", "rename", "origin", "elsewhere")
    complaint = signed_but_not_sent(office)
    assert "this clone has no remote of that name; name it: git remote add origin URL" in complaint


def test_a_folder_named_like_the_remote_is_not_taken_for_it(office: Office) -> None:
    office.first.git("remote", "remove", "origin")
    git(office.first.path, "clone", "--quiet", "--bare", str(office.bare), "origin", home=office.first.home)
    assert "this clone has no remote of that name" in signed_but_not_sent(office)


def test_without_a_branch_nothing_can_be_sent_and_that_is_told(office: Office) -> None:
    office.first.git("checkout", "--quiet", "--detach")
    assert "no branch is checked out" in signed_but_not_sent(office)


def test_what_the_servers_hook_says_is_handed_on(office: Office) -> None:
    hook = office.bare / "hooks/pre-receive"
    hook.parent.mkdir(exist_ok=True)
    hook.write_text("#!/bin/sh\necho 'qianfa: main: not today; ask tomorrow' >&2\nexit 1\n")
    hook.chmod(0o755)
    assert "the remote refuses it: main: not today; ask tomorrow" in signed_but_not_sent(office)


def test_a_server_that_asks_for_a_password_makes_nobody_wait_where_nobody_can_answer(office: Office) -> None:
    asked = office.bare.parent / "asked"
    program = office.bare.parent / "ssh"
    program.write_text(
        f'#!/bin/sh\necho "$@" >{asked}\necho "me@server: Permission denied (publickey)." >&2\nexit 255\n'
    )
    program.chmod(0o755)
    office.first.git("config", "core.sshCommand", str(program))
    office.first.git("remote", "set-url", "origin", "ssh://me@server/site.git")
    complaint = signed_but_not_sent(office)
    assert "me@server: Permission denied (publickey)." in complaint
    assert "-o BatchMode=yes" in asked.read_text()


def test_a_password_in_the_remotes_address_is_never_shown(office: Office) -> None:
    office.first.git("remote", "set-url", "origin", "http://me:secret@127.0.0.1:9/site.git")
    assert "secret" not in signed_but_not_sent(office)


def test_a_server_that_has_nothing_yet_gets_the_branch(office: Office) -> None:
    git(office.bare.parent, "init", "--quiet", "--bare", "--initial-branch=main", "empty.git")
    office.first.git("remote", "set-url", "origin", str(office.bare.with_name("empty.git")))
    office.first.done("approve", NEWS, "--push", by="publisher-1")
    assert git(office.bare.with_name("empty.git"), "rev-parse", "main") == office.first.head


def test_a_branch_goes_to_the_one_it_follows(office: Office) -> None:
    office.first.git("switch", "--quiet", "--create", "work", "--track", "origin/main")
    assert office.first.done("approve", NEWS, "--push", by="publisher-1").endswith("sent to origin main\n")
    assert office.head == office.first.head


def test_another_site_under_the_same_name_is_never_mixed_in(office: Office, tmp_path: Path) -> None:
    begin(tmp_path / "another")
    office.first.git("remote", "set-url", "origin", str(tmp_path / "another"))
    ran = office.first.qianfa("approve", NEWS, "--push", by="publisher-1")
    assert (ran.status, ran.out) == (1, "")
    assert "no commit in common" in ran.complaint


def test_a_password_is_asked_for_on_the_terminal_where_somebody_is_there(office: Office) -> None:
    """ssh asks on the terminal itself, whatever becomes of its output."""
    program = office.bare.parent / "ssh"
    program.write_text(
        "#!/bin/sh\nprintf 'Password: ' >/dev/tty; read -r answer </dev/tty\n"
        '[ "$answer" = secret ] || { echo "Permission denied" >&2; exit 255; }\n'
        f"case $* in *BatchMode*) exit 1;; *receive-pack*) exec git-receive-pack {office.bare};; esac\n"
        f"exec git-upload-pack {office.bare}\n"
    )
    program.chmod(0o755)
    first = office.first
    first.git("config", "core.sshCommand", str(program))
    first.git("remote", "set-url", "origin", "ssh://me@server/site.git")
    key = str(first.keys / "publisher-1")
    path = f"{os.environ['PATH']}:{run('git', '--exec-path', cwd=first.path, env=dict(os.environ)).out.strip()}"
    env = environment(first.home, QIANFA_TRUST=first.pin, PATH=path)
    command = ["approve", NEWS, "--push", "--yes", "--key", key, "--now", first.now]
    child = pexpect.spawn(str(QIANFA), command, cwd=str(first.path), env=env, timeout=60, encoding="utf-8")
    for _ in ("fetch", "push"):
        child.expect_exact("Password: ")
        child.sendline("secret")
    child.expect_exact("sent to origin main")
    child.expect(pexpect.EOF)
    child.close()
    assert child.exitstatus == 0
    assert office.head == first.head
