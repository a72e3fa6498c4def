"""`qianfa build` and `qianfa preview`: exactly what is signed is in the output, and nothing of the rest, in whatever form."""

from __future__ import annotations

import gzip
import http.client
import json
import re
import signal
import subprocess
import threading
from collections.abc import Callable, Iterator
from dataclasses import dataclass, replace
from pathlib import Path

import pytest
from command_line import BIN, DRAFTER, POST, QIANFA, Desk, environment, everything_in, run, seated
from story import COLUMNS, NEWS, Story

from review.model.paths import record_of

ROOT = Path(__file__).parents[2]
CONF = "pelicanconf.py"


def themed(tmp_path: Path, *, configuration: str = "", before: Callable[[Story], None] = lambda story: None) -> Story:
    """Return a story whose signed policy holds the sample's theme and settings."""
    story = Story(tmp_path / "site")
    for path in sorted((ROOT / "theme").rglob("*")):
        if path.is_file():
            story.write(path.relative_to(ROOT).as_posix(), path.read_bytes())
    story.write(CONF, (ROOT / CONF).read_text("utf-8") + configuration)
    before(story)
    story.sign_policy()
    return story


def built(desk: Desk, *options: str) -> str:
    """Build into the folder beside the site."""
    return desk.done("build", "--output", output_of(desk), *options)


def output_of(desk: Desk) -> Path:
    """Return where `built` builds."""
    return desk.path.parent / "output"


def bytes_of(folder: Path) -> bytes:
    """Return all bytes and names of a folder, what is compressed also unpacked."""
    found = []
    for path in sorted(folder.rglob("*")):
        data = path.read_bytes() if path.is_file() else b""
        found += [str(path.relative_to(folder)).encode(), data]
        if data[:2] == b"\x1f\x8b":
            found.append(gzip.decompress(data))
    return b"\n".join(found)


# -- exactly the live set ------------------------------------------------------------------------------------------


@dataclass(frozen=True)
class Told:
    """A built site, and the words that only posts hold that must not be found in it."""

    desk: Desk
    shown: tuple[str, ...]
    hidden: tuple[str, ...]


@pytest.fixture(scope="module")
def told(tmp_path_factory: pytest.TempPathFactory) -> Told:
    """A site with a post in every state, each with an attachment, and words of its own in text, title, summary and file."""
    folder = tmp_path_factory.mktemp("told")
    story = themed(folder)

    def post(name: str, *stages: tuple[str, str], sign: bool = True, **header: str) -> str:
        item = f"content/news/name{name}mark.md"
        text = f"Title: title{name}mark\nSummary: summary{name}mark\nTags: tag{name}mark\n\ntext{name}mark\n"
        story.post(item, text=text, **header)
        story.attach(item, f"file{name}mark.txt", f"inside{name}mark".encode())
        if sign:
            story.chain(item, *stages)
        return item

    until_leader = (("draft", "officer-fx"), ("head", "head-fx"), ("publicity", "reviewer-1"), ("leader", "leader-1"))
    post("live")
    post("draft", sign=False)
    post("inreview", *until_leader)
    post("scheduled", planned="2026-11-22T09:00:00+08:00")
    post("expired", expires="2026-11-21")
    returned = post("returned", *until_leader[:2])
    story.sign(returned, "publicity", "reviewer-1", decision="return", note="notereturnedmark")
    withdrawn = post("withdrawn")
    story.sign(withdrawn, "withdraw", "leader-1", decision="withdraw", note="notewithdrawnmark")
    post("classified", sign=False, classified="yes")
    forged = post("forged", *until_leader)
    story.sign(forged, "publish", "publisher-1", key=story.key("officer-fx"))
    kept = post("kept")
    story.post(kept, text="Title: titlechangedmark\n\ntextchangedmark\n")
    story.attach(kept, "filechangedmark.txt", b"insidechangedmark")
    deleted = post("deleted")
    for path in [path for path in story.files if path.startswith(deleted.removesuffix(".md"))]:
        story.remove(path)
    story.write("content/news/norecordmark.md", "Title: titlenorecordmark\n\ntextnorecordmark\n")
    story.write("content/news/orphanmark.txt", b"insideorphanmark")
    story.write("evidence/" + "0" * 64 + ".txt", b"insideevidencemark")
    story.write("notes/policymark.txt", b"insidepolicymark")
    story.commit("messageunsignedmark\n")
    desk = replace(seated(story, folder), here=False)
    desk.write("content/news/onlyheremark.md", "Title: titleonlyheremark\n\ntextonlyheremark\n")
    desk.write("content/news/namelivemark.md", "Title: titleonlyheremark\n\ntextonlyheremark\n")
    desk.write("theme/templates/base.html", "templateonlyheremark")
    ran = desk.qianfa("build", "--output", output_of(desk))
    assert (ran.status, ran.complaint.split()[0]) == (0, "3")  # findings that refuse something
    hidden = (
        "draft", "inreview", "scheduled", "expired", "returned", "withdrawn", "classified", "forged", "changed", "norecord",
        "orphan", "evidence", "policy", "onlyhere", "unsigned",
    )  # fmt: skip
    return Told(desk, ("live", "kept", "deleted"), hidden)


def test_every_byte_of_the_output_is_free_of_what_is_not_online(told: Told) -> None:
    """Neither name, title, text, summary, tag nor attachment of it, in no page, feed, index, map or chain."""
    everything = bytes_of(output_of(told.desk))
    for name in told.shown:
        for part in ("name", "title", "text", "summary", "inside"):
            assert f"{part}{name}mark".encode() in everything, name
    found = {word.decode() for word in re.findall(rb"\w+mark\b", everything)}
    assert {word for word in found if any(word.endswith(f"{name}mark") for name in told.hidden)} == set()


def test_the_posts_of_the_output_are_those_that_the_gate_calls_live(told: Told) -> None:
    """Each with its page, its attachments and its chain in the places that its path names."""
    report = json.loads(told.desk.qianfa("gate", "--format", "json").out)
    live = {item["item"] for item in report["items"] if item["live_version"]}
    assert live == {f"content/news/name{name}mark.md" for name in told.shown}
    output = output_of(told.desk)
    start = {item.removeprefix("content/").removesuffix(".md") for item in live}
    assert {str(path.relative_to(output))[: -len(".chain.json")] for path in output.rglob("*.chain.json")} == start
    pages = {str(path.relative_to(output)).removesuffix(".html") for path in (output / "news").glob("name*.html")}
    assert pages == start
    for name in told.shown:
        assert (output / f"news/name{name}mark/file{name}mark.txt").read_bytes() == f"inside{name}mark".encode()
    for place in ("index.html", "news/index.html", "feeds/all.atom.xml", "feeds/news.atom.xml"):
        assert (output / place).is_file()


def test_the_same_commit_and_options_give_the_same_bytes(told: Told, tmp_path: Path) -> None:
    assert told.desk.qianfa("build", "--output", tmp_path / "again").status == 0
    assert everything_in(tmp_path / "again") == everything_in(output_of(told.desk))


def test_time_alone_puts_a_scheduled_post_online(told: Told, tmp_path: Path) -> None:
    later = replace(told.desk, now="2026-11-22T09:00:00+08:00")
    assert later.qianfa("build", "--output", tmp_path / "later").status == 0
    assert b"textscheduledmark" in bytes_of(tmp_path / "later")


def test_an_older_commit_is_built_as_it_was(told: Told, tmp_path: Path) -> None:
    assert told.desk.qianfa("build", "HEAD~1", "--output", tmp_path / "older").status == 0
    assert b"textlivemark" in bytes_of(tmp_path / "older")


# -- what a build is proof against ---------------------------------------------------------------------------------


def test_a_build_that_is_blocked_or_fails_leaves_the_old_output_as_it_was(published: Desk) -> None:
    """Blocked by the pin, by a commit that is no ancestor; a theme or settings that break once they are signed."""
    built(published)
    before = everything_in(published.path.parent / "output")
    for options, status, says in (
        (("--trust", "sha256:" + "0" * 64), 1, "trust-mismatch: "),
        (("--previous", "f" * 40), 1, "history-rewritten: "),
        (("nowhere",), 2, "no commit is called"),
    ):
        ran = published.qianfa("build", "--output", output_of(published), *options)
        assert (ran.status, ran.out) == (status, "")
        assert says in ran.complaint
    for path, text, says in (
        ("theme/templates/article.html", "{% if %}", "theme/templates/article.html:1: TemplateSyntaxError"),
        (CONF, "raise RuntimeError('broken \x1b[31m')\n", f"{CONF}:1: RuntimeError: broken"),
        (CONF, "import os\nos._exit(0)\n", ""),
    ):
        good = published.read(path)
        published.write(path, text)
        published.done("policy", "sign", "--anyway", by="me")
        ran = published.qianfa("build", "--output", output_of(published))
        assert (ran.status, ran.out) == (1, ""), path
        assert says in ran.complaint, ran.complaint
        assert "\x1b" not in ran.err
        published.write(path, good)
        assert everything_in(published.path.parent / "output") == before
    assert not [path for path in published.path.parent.iterdir() if path.name not in ("site", "home", "output")]


def test_previous_lets_history_go_on_only(published: Desk) -> None:
    first = published.head
    built(published)
    published.git("commit", "-q", "--allow-empty", "-m", "more")
    built(published, "--previous", first)
    second = published.head
    published.git("reset", "-q", "--hard", first)
    published.git("commit", "-q", "--allow-empty", "-m", "other")
    ran = published.qianfa("build", "--output", output_of(published), "--previous", second)
    assert (ran.status, "history-rewritten: " in ran.complaint) == (1, True)


def test_theme_and_settings_that_nobody_signed_are_not_used(published: Desk) -> None:
    """Changed in the work tree, committed, or committed as another file that settings could import."""
    built(published)
    before = everything_in(published.path.parent / "output")
    mark = published.home / "ran"
    code = f"open({str(mark)!r}, 'w').close()\n"
    published.write(CONF, code + published.read(CONF))
    published.write("theme/templates/base.html", "UNSIGNED")
    published.write("sitecustomize.py", code)
    published.write("pelican.py", code)
    built(published)
    assert everything_in(published.path.parent / "output") == before
    published.git("add", "-A")
    published.git("commit", "-q", "-m", "not signed by any administrator")
    built(published)
    shown = published.qianfa("preview", "--no-serve")
    assert (shown.status, "otherwise: pelicanconf.py, theme/templates/base.html" in shown.complaint) == (0, True)
    assert everything_in(published.path.parent / "output") == before
    assert not mark.exists()


def test_settings_see_nothing_of_the_callers_environment(founded: Desk) -> None:
    """No pin, agent, token, proxy or git variable; and signed settings are what says so."""
    seen = founded.home / "seen"
    code = f"import os, json\nopen({str(seen)!r}, 'w').write(json.dumps([dict(os.environ), os.getcwd()]))\n"
    founded.write(CONF, founded.read(CONF) + code)
    founded.done("policy", "sign", by="me")
    secrets = {
        "QIANFA_TRUST": founded.pin, "SSH_AUTH_SOCK": "/run/agent", "SSH_AGENT_PID": "1", "GITHUB_TOKEN": "secret",
        "CI_JOB_TOKEN": "secret", "AWS_SECRET_ACCESS_KEY": "secret", "GNUPGHOME": "/keys", "HTTPS_PROXY": "http://u:p@x",
        "GIT_DIR": "/elsewhere", "PYTHONPATH": str(founded.home), "PYTHONSTARTUP": "/x", "QIANFA_DEBUG": "1",
    }  # fmt: skip
    ran = founded.qianfa("build", "--output", output_of(founded), env=secrets)
    assert (ran.status, ran.err) == (0, "")
    environ, place = json.loads(seen.read_text())
    assert not set(environ) & set(secrets)
    assert not [value for value in environ.values() if "secret" in value or str(founded.path) in value]
    assert environ["HOME"] != str(founded.home)
    assert not place.startswith(str(founded.path))


def test_pelican_alone_refuses_and_names_the_command(published: Desk) -> None:
    before = published.everything()
    for arguments in ((), ("content",), ("-s", CONF, "content", "-o", "out")):
        ran = run(
            BIN / "pelican",
            *arguments,
            cwd=published.path,
            env=environment(published.home, PYTHONDONTWRITEBYTECODE="1"),
        )
        assert ran.status != 0
        assert "qianfa build --output DIR" in ran.err + ran.out
        assert published.everything() == before


def test_a_stopped_build_leaves_the_old_output_and_the_next_one_cleans_up(published: Desk) -> None:
    """Killed while the settings are read; nothing it had begun is in anybody's way."""
    built(published)
    before = everything_in(published.path.parent / "output")
    waiting = published.home / "waiting"
    code = f"import os, time\nif os.path.exists({str(waiting)!r}):\n    open({str(waiting)!r}, 'w').close(); time.sleep(600)\n"
    published.write(CONF, published.read(CONF) + code)
    published.done("policy", "sign", by="me")
    for number in (signal.SIGINT, signal.SIGTERM, signal.SIGKILL):
        # A pipe in the file's place: opening it to write waits until somebody reads, which is when the settings are read.
        waiting.unlink(missing_ok=True)
        run("mkfifo", waiting, cwd=published.path, env=environment(published.home))
        process = subprocess.Popen(
            [QIANFA, "build", "--output", output_of(published), "--now", published.now], cwd=published.path,
            env=environment(published.home, QIANFA_TRUST=published.pin), stderr=subprocess.PIPE, text=True,
        )  # fmt: skip
        waiting.open().close()
        process.send_signal(number)
        _, said = process.communicate(timeout=60)
        assert process.returncode == (130 if number == signal.SIGINT else -number)
        assert "Traceback" not in said
        assert everything_in(published.path.parent / "output") == before
    waiting.unlink()
    built(published)
    assert not [path for path in published.path.parent.iterdir() if path.name not in ("site", "home", "output")]


# -- preview -------------------------------------------------------------------------------------------------------


def test_a_preview_shows_the_work_tree_and_marks_every_page_that_is_not_signed(published: Desk) -> None:
    """What is online as it is has no mark; an edited post and a new one have; nothing of it gets into a build."""
    published.done("preview", "--no-serve")
    page = published.path / ".git/qianfa-preview" / POST.removeprefix("content/").replace(".md", ".html")
    assert "草稿 未签发" not in page.read_text("utf-8")
    published.write(POST, published.read(POST) + "\n改了一句。\n")
    published.done("new", "news", "还没有写完", by=DRAFTER)
    out = published.done("preview", "--no-serve")
    assert out.startswith("2 posts are in ")
    drafts = {path.name for path in page.parent.glob("*.html") if "草稿 未签发" in path.read_text("utf-8")}
    assert drafts - {"index.html"} == {page.name, "2026-11-21-hai-mei-you-xie-wan.html"}
    assert "改了一句" in page.read_text("utf-8")
    built(published)
    everything = bytes_of(output_of(published))
    assert "改了一句".encode() not in everything
    assert "还没有写完".encode() not in everything
    assert "草稿".encode() not in everything
    assert published.git("status", "--porcelain", "--ignored").splitlines() == [f"M {POST}", *(
        f"?? content/news/2026-11-21-hai-mei-you-xie-wan{end}" for end in (".md", ".review.yaml")
    )]  # fmt: skip


def test_a_preview_of_one_post_shows_no_other_draft(published: Desk) -> None:
    for title in ("一", "二"):
        published.done("new", "news", title, by=DRAFTER)
    out = published.done("preview", "content/news/2026-11-21-yi.md", "--no-serve", "--output", output_of(published))
    assert out.startswith("2 posts are in ")
    assert not (output_of(published) / "news/2026-11-21-er.html").exists()


def test_a_preview_shows_even_a_draft_that_the_gate_would_refuse(published: Desk) -> None:
    """One sees best on the page what is wrong with it. A post that is not there is named."""
    published.write("content/news/broken.md", b"Title: \xff\n\n\xfe\n")
    published.done("preview", "--no-serve")
    assert "草稿 未签发" in published.read(".git/qianfa-preview/news/broken.html")
    ran = published.qianfa("preview", "content/news/none.md", "--no-serve")
    assert (ran.status, "there is no such post" in ran.complaint) == (2, True)


@pytest.fixture
def serving(published: Desk) -> Iterator[tuple[subprocess.Popen[str], int]]:
    """A preview that is being served, and its port."""
    process = subprocess.Popen(
        [QIANFA, "preview", "--now", published.now], cwd=published.path, text=True, stdout=subprocess.PIPE,
        stderr=subprocess.PIPE, env=environment(published.home, QIANFA_TRUST=published.pin, PYTHONUNBUFFERED="1"),
    )  # fmt: skip
    give_up = threading.Timer(60, process.kill)
    give_up.start()
    port = 0
    for line in process.stdout or ():
        if found := re.search(r"http://127\.0\.0\.1:(\d+)/", line):
            port = int(found[1])
            break
    give_up.cancel()
    yield process, port
    process.kill()
    process.communicate()


def test_a_preview_is_served_on_this_machine_alone_until_ctrl_c(
    serving: tuple[subprocess.Popen[str], int],
) -> None:
    process, port = serving
    connection = http.client.HTTPConnection("127.0.0.1", port, timeout=10)
    connection.request("GET", "/" + POST.removeprefix("content/").replace(".md", ".html"))
    answer = connection.getresponse()
    assert answer.status == 200
    assert "讲座于四月举行" in answer.read().decode()
    connection.close()
    listening = Path("/proc/net/tcp").read_text() + Path("/proc/net/tcp6").read_text()
    places = re.findall(rf": ([0-9A-F]+):{port:04X} [0-9A-F]+:0000 0A ", listening)
    assert places == ["0100007F"]
    process.send_signal(signal.SIGINT)
    _, said = process.communicate(timeout=10)
    assert (process.returncode, said) == (0, "")


def test_the_address_of_a_preview_is_said_at_once_into_a_pipe_too(published: Desk) -> None:
    """Whoever starts it from a script waits for that line."""
    process = subprocess.Popen(
        [QIANFA, "preview", "--now", published.now], cwd=published.path, text=True, stdout=subprocess.PIPE,
        env=environment(published.home, QIANFA_TRUST=published.pin),
    )  # fmt: skip
    if process.stdout is None:
        raise RuntimeError
    give_up = threading.Timer(60, process.kill)
    give_up.start()
    first, second = process.stdout.readline(), process.stdout.readline()
    give_up.cancel()
    process.send_signal(signal.SIGINT)
    process.communicate(timeout=10)
    assert "posts are in" in first
    assert "http://127.0.0.1:" in second


# -- small sites ---------------------------------------------------------------------------------------------------


def test_a_site_without_posts_builds(founded: Desk) -> None:
    assert built(founded).startswith("0 posts and 0 attachments are in ")
    assert (output_of(founded) / "index.html").is_file()


def test_an_output_inside_the_site_is_no_part_of_it(published: Desk) -> None:
    """Git is told to ignore the folders that builds go to, so no `git add` takes them along."""
    published.done("build", "--output", "public")
    published.done("build", "--output", "public")
    assert published.git("status", "--porcelain") == ""
    assert "Nothing is wrong." in published.done("gate")


def test_what_is_refused_is_told_beside_what_is_built(tmp_path: Path) -> None:
    """Status 0: what is online is online; and whoever looks at the log sees that something is not right."""
    story = themed(tmp_path)
    story.publish()
    story.post("content/news/b.md", classified="yes")
    story.commit()
    desk = seated(story, tmp_path)
    ran = desk.qianfa("build", "--output", output_of(desk))
    assert ran.status == 0
    assert ran.complaint == "1 findings refuse something; none of that is online; see them with: qianfa gate"


def test_a_site_without_a_theme_says_so(story: Story, seat: Callable[[], Desk]) -> None:
    story.publish()
    desk = seat()
    ran = desk.qianfa("build", "--output", output_of(desk))
    assert (ran.status, ran.complaint) == (
        1, "theme/templates: the policy in force has no templates; add a theme and sign the policy",
    )  # fmt: skip
    assert not output_of(desk).exists()


def test_a_sign_off_at_the_end_of_all_calendars_is_no_fault_of_the_builder(tmp_path: Path) -> None:
    story = themed(tmp_path)
    story.post()
    story.chain(NEWS, ("draft", "officer-fx"), ("head", "head-fx"), ("publicity", "reviewer-1"), ("leader", "leader-1"))
    story.sign(NEWS, "publish", "publisher-1", at="9999-12-31T23:59:59+00:00")
    desk = seated(story, tmp_path)
    ran = desk.qianfa("build", "--output", output_of(desk))
    assert ran.status in (0, 1)
    assert ran.out or ran.complaint


def test_columns_of_the_policy_in_force_are_the_ones_that_are_shown(tmp_path: Path) -> None:
    story = themed(tmp_path)
    story.publish()
    story.write("columns.yaml", COLUMNS.replace("工作动态", "没有签过的栏目名"))
    story.commit()
    desk = seated(story, tmp_path)
    built(desk)
    everything = bytes_of(output_of(desk))
    assert "工作动态".encode() in everything
    assert "没有签过的栏目名".encode() not in everything
    assert record_of(NEWS) not in everything.decode("utf-8", "replace")


# -- answers for programs ------------------------------------------------------------------------------------------


def test_gate_build_and_preview_answer_programs_with_json(published: Desk, tmp_path: Path) -> None:
    assert published.done("gate", "--json") == published.done("gate", "--format", "json")
    made = json.loads(published.done("build", "--output", tmp_path / "output", "--json"))
    assert (made["build"], made["posts"], made["refused"], made["warnings"]) == (1, 1, 0, [])
    assert made["commit"] == published.head
    shown = json.loads(published.done("preview", "--no-serve", "--json"))
    assert (shown["preview"], shown["posts"]) == (1, 1)


def test_a_preview_that_is_served_has_no_answer_for_programs(published: Desk) -> None:
    before = published.everything()
    ran = published.qianfa("preview", "--json")
    assert (ran.status, json.loads(ran.out)["error"]) == (2, 1)
    assert "add --no-serve" in ran.complaint
    assert published.everything() == before
