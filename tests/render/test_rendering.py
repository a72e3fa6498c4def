"""The build as a process: what it is told, what it may not reach, and what happens to the output when it fails."""

from __future__ import annotations

import json
import os
import signal
import subprocess
import sys
import time
from pathlib import Path

import pytest
from live_sets import ROOT, SiteUnderTest, tree

from review.errors import QianfaError
from review.release.swap import replacing
from review.render.rendering import RenderingFailed, render

NEWS = "content/news/a.md"


@pytest.fixture
def site() -> SiteUnderTest:
    site = SiteUnderTest()
    site.add(NEWS, attachments={"x.bin": b"\x00"})
    return site


@pytest.fixture
def output(tmp_path: Path) -> Path:
    """Where to build, in a folder of its own, so that whatever is left beside it can be seen."""
    return tmp_path / "beside" / "output"


def configured(site: SiteUnderTest, text: str) -> None:
    site.policy["pelicanconf.py"] = text.encode()


def one_line(error: QianfaError) -> str:
    assert "\n" not in str(error)
    return str(error)


def test_the_same_input_gives_the_same_bytes(site: SiteUnderTest, tmp_path: Path) -> None:
    site.add("content/notices/b.md", 'Title: 图\n\n![](a.png){width=3 title=x} <video src="v.mp4" width=1></video>\n')
    site.build(tmp_path / "one")
    site.posts.reverse()
    site.build(tmp_path / "two")
    assert tree(tmp_path / "one") == tree(tmp_path / "two")


def test_nothing_is_left_beside_the_output(site: SiteUnderTest, output: Path) -> None:
    site.build(output)
    site.build(output)
    assert list(output.parent.iterdir()) == [output]


def test_a_build_replaces_what_the_build_before_it_wrote(site: SiteUnderTest, output: Path) -> None:
    site.add("content/news/b.md")
    site.build(output)
    site.posts.pop()
    site.build(output)
    assert not (output / "news/b.html").exists()
    assert (output / "news/a.html").is_file()


def test_nothing_of_the_callers_environment_reaches_the_configuration(
    site: SiteUnderTest, output: Path, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    for name in ("SSH_AUTH_SOCK", "QIANFA_TRUST", "CI_TOKEN", "PYTHONPATH", "PYTHONSTARTUP", "GIT_DIR", "VIRTUAL_ENV"):
        monkeypatch.setenv(name, "secret")
    seen = tmp_path / "seen.json"
    configured(
        site,
        "import json, os, sys\n"
        f"open({str(seen)!r}, 'w').write(json.dumps([dict(os.environ), sys.path, sys.stdin.read(), os.getcwd()]))\n",
    )
    site.build(output)
    environment, path, typed, folder = json.loads(seen.read_text())
    assert set(environment) == {"PATH", "HOME", "LANG", "LC_ALL", "TZ", "PYTHONHASHSEED"}
    assert environment["HOME"] == folder
    assert "" not in path
    assert folder not in path
    assert str(ROOT) not in path
    assert typed == ""


def test_a_module_in_the_policy_is_not_imported_by_its_name_alone(site: SiteUnderTest, output: Path) -> None:
    site.policy["theme/jinja2.py"] = b"raise SystemExit('shadowed')\n"
    configured(site, "import json\n")
    site.policy["theme/json.py"] = b"raise SystemExit('shadowed')\n"
    site.build(output)


def test_a_configuration_cannot_publish_or_move_anything(site: SiteUnderTest, output: Path, tmp_path: Path) -> None:
    drafts = tmp_path / "drafts"
    drafts.mkdir()
    (drafts / "secret.md").write_text("Title: 未签发\n\n未签发的内容\n", encoding="utf-8")
    names = ("PATH", "OUTPUT_PATH", "THEME_STATIC_DIR", "FEED_ATOM", "TAGS_SAVE_AS", "AUTHOR_SAVE_AS")
    configured(
        site,
        "".join(f"{name} = {str(drafts)!r}\n" for name in names)
        + "ARTICLE_PATHS = PAGE_PATHS = STATIC_PATHS = ['']\nPLUGINS = ['os']\nSITENAME = '别的'\n"
        + "DIRECT_TEMPLATES = ['index', 'archives']\nDELETE_OUTPUT_DIRECTORY = True\nJINJA_ENVIRONMENT = {}\n",
    )
    made = site.build(output)
    assert "pelicanconf.py: ARTICLE_PATHS is not open to it and was left aside" in made.warnings
    configured(site, "")
    site.build(tmp_path / "plain")
    assert tree(output) == tree(tmp_path / "plain")
    assert list(drafts.iterdir()) == [drafts / "secret.md"]


def test_a_configuration_may_say_how_long_lists_are_and_what_templates_can_use(
    site: SiteUnderTest, output: Path
) -> None:
    site.add("content/news/b.md")
    configured(site, "DEFAULT_PAGINATION = 1\nFOOTER = '地址 <b>'\nLINKS = [('市科协', 'https://example.org/')]\n")
    assert site.build(output).warnings == ()
    assert (output / "news/page/2.html").is_file()
    assert "地址 &lt;b&gt;" in (output / "index.html").read_text("utf-8")


@pytest.mark.parametrize(
    ("configuration", "said"),
    [
        ("\nraise ValueError('the reason\\nand more')", "pelicanconf.py:2: ValueError: the reason and more"),
        ("x = (", "pelicanconf.py:1: SyntaxError"),
        ("raise SystemExit('enough')", "pelicanconf.py:1: SystemExit: enough"),
        ("import os\nos.abort()", "ended by signal 6"),
        ("import os\nos._exit(7)", "status 7"),
        ("DEFAULT_PAGINATION = 'all'", "DEFAULT_PAGINATION is 'all', expected a number from 1 to 100"),
    ],
)
def test_a_configuration_that_fails_leaves_the_old_output_and_one_line(
    site: SiteUnderTest, output: Path, configuration: str, said: str
) -> None:
    site.build(output)
    before = tree(output)
    site.add("content/news/b.md")
    configured(site, configuration)
    with pytest.raises(RenderingFailed) as failure:
        site.build(output)
    assert said in one_line(failure.value)
    assert str(output.parent) not in one_line(failure.value)
    assert tree(output) == before
    assert list(output.parent.iterdir()) == [output]


@pytest.mark.parametrize(
    ("template", "said"),
    [
        (b"one\n{% if %}", "theme/templates/article.html:2: TemplateSyntaxError"),
        (b"one\ntwo\n{{ article.nothing.at.all }}", "theme/templates/article.html:3: UndefinedError"),
    ],
)
def test_a_template_that_fails_is_named_with_its_line(
    site: SiteUnderTest, output: Path, template: bytes, said: str
) -> None:
    site.policy["theme/templates/article.html"] = template
    with pytest.raises(RenderingFailed) as failure:
        site.build(output)
    assert said in one_line(failure.value)
    assert not output.exists()


def test_a_policy_without_a_theme_is_refused_before_anything_is_started(site: SiteUnderTest, output: Path) -> None:
    site.policy = {"pelicanconf.py": b"raise SystemExit('started')\n"}
    with pytest.raises(RenderingFailed, match="no templates"):
        site.build(output)


def test_a_site_without_a_configuration_is_built_with_ours(site: SiteUnderTest, output: Path) -> None:
    del site.policy["pelicanconf.py"]
    assert site.build(output).posts == 1


def test_two_things_that_want_one_place_are_refused(site: SiteUnderTest, output: Path) -> None:
    site.add("content/news/a.html.md", attachments={"x.bin": b"\x00"})
    with pytest.raises(RenderingFailed, match="two files of the site would stand in this place"):
        site.build(output)
    assert not output.exists()


def test_a_path_that_leaves_its_folder_is_refused(site: SiteUnderTest, output: Path) -> None:
    site.add("content/news/b.md", attachments={"../../../escaped": b"x"})
    with pytest.raises(RenderingFailed, match="leaves its folder"):
        site.build(output)
    assert not (output.parent / "escaped").exists()


def test_a_text_that_nests_too_deep_is_shown_as_it_was_written(site: SiteUnderTest, output: Path) -> None:
    site.add("content/news/deep.md", f"Title: 深\n\n{'- ' * 3000}<b>x\n")
    site.build(output)
    assert "- &lt;b&gt;x" in (output / "news/deep.html").read_text("utf-8")


_BUILD = """
import sys
sys.path[:0] = {paths!r}
from pathlib import Path
from live_sets import SiteUnderTest
site = SiteUnderTest()
site.add("content/news/new.md")
site.policy["pelicanconf.py"] = b"import time\\nopen({started!r}, 'w').close()\\ntime.sleep(60)\\n"
site.build(Path({output!r}))
"""


@pytest.mark.parametrize("how", [signal.SIGKILL, signal.SIGTERM, signal.SIGINT])
def test_a_build_that_is_killed_leaves_the_old_output_and_the_next_one_clears_up(
    site: SiteUnderTest, output: Path, tmp_path: Path, how: signal.Signals
) -> None:
    site.build(output)
    before = tree(output)
    started = tmp_path / "started"
    code = _BUILD.format(paths=[str(ROOT), str(ROOT / "tests")], started=str(started), output=str(output))
    build = subprocess.Popen([sys.executable, "-c", code], stderr=subprocess.DEVNULL, start_new_session=True)
    while not started.exists():
        assert build.poll() is None
        time.sleep(0.02)
    build.send_signal(how)
    assert build.wait(timeout=20) != 0
    assert tree(output) == before
    site.add("content/news/c.md")
    site.build(output)
    assert (output / "news/c.html").is_file()
    assert list(output.parent.iterdir()) == [output]


def test_bare_pelican_refuses_and_says_what_to_run_instead(tmp_path: Path) -> None:
    (tmp_path / "content/news").mkdir(parents=True)
    (tmp_path / "content/news/draft.md").write_text("Title: 草稿\nDate: 2026-01-01\n\n草稿\n", encoding="utf-8")
    (tmp_path / "pelicanconf.py").write_bytes((ROOT / "pelicanconf.py").read_bytes())
    for arguments in (["content"], [], ["content", "--fatal", "errors"], ["--print-settings"]):
        found = subprocess.run(
            [sys.executable, "-m", "pelican", *arguments], cwd=tmp_path, capture_output=True, text=True, check=False,
            env=os.environ | {"PYTHONPATH": str(ROOT)},
        )  # fmt: skip
        assert found.returncode == 1
        assert found.stderr.strip().splitlines() == [
            "pelicanconf.py: this site is not built by pelican; run `qianfa build --output DIR` or `qianfa preview`"
        ]
        assert not (tmp_path / "output").exists()


def test_a_preview_marks_every_unsigned_page_and_keeps_it_from_feeds_and_searches(
    site: SiteUnderTest, output: Path
) -> None:
    site.add(
        "content/news/draft.md", "Title: 新稿\n\n正文\n", chain=(), published="", mark="草稿 未签发", chained=False
    )
    site.build(output, url="http://127.0.0.1:8000")
    whole = (output / "news/draft.html").read_text("utf-8")
    assert '<div class="draft-band" aria-hidden="true"><span>草稿 未签发</span>' in whole
    assert '<p class="draft-note" role="note">草稿 未签发：' in whole
    assert '<meta name="robots" content="noindex, nofollow">' in whole
    assert "<dd>尚无签名</dd>" in whole
    assert "内容编码" not in whole
    assert "chain.json" not in whole
    for listing in ("index.html", "news/index.html"):
        assert '<span class="mark">草稿 未签发</span>' in (output / listing).read_text("utf-8")
    assert "draft-band" not in (output / "news/a.html").read_text("utf-8")
    assert "新稿" not in (output / "feeds/all.atom.xml").read_text("utf-8")
    assert "draft.html" not in (output / "sitemap.xml").read_text("utf-8")
    assert "Disallow: /" in (output / "robots.txt").read_text("utf-8")
    assert "https://example.org" not in (output / "feeds/all.atom.xml").read_text("utf-8")


def test_a_draft_whose_front_matter_is_wrong_can_still_be_looked_at(site: SiteUnderTest, output: Path) -> None:
    site.add("content/news/draft.md", "Titel: x\n\n正文 <script>\n", chain=(), published="", mark="草稿", chained=False)
    site.build(output)
    assert "<h1>draft</h1>" in (output / "news/draft.html").read_text("utf-8")


def test_progress_is_told_post_by_post(site: SiteUnderTest, tmp_path: Path) -> None:
    site.add("content/news/b.md")
    told: list[tuple[int, int]] = []
    files = tuple(site.blobs.file(path, data) for path, data in site.policy.items())
    with replacing(tmp_path / "output") as staging:
        render(
            site.live, policy_files=files, blobs=site.blobs, chains={}, site=staging.site, work=staging.work,
            progress=lambda done, total: told.append((done, total)),
        )  # fmt: skip
    assert told == [(0, 2), (1, 2), (2, 2)]
