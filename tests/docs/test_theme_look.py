"""The way that the administrators' page tells to look at a theme before it is signed: run as it stands there."""

from __future__ import annotations

import re
import subprocess
import sys
from pathlib import Path

import pytest
from command_line import QIANFA, Desk, environment, run

ROOT = Path(__file__).parents[2]
BLOCK = re.compile(r"<!-- to look at a theme, in the site's folder -->\n+```sh\n(.*?)^```$", re.MULTILINE | re.DOTALL)
EXAMPLE = re.compile(r"`(theme/overrides/templates/article\.html)`:\n+```html\n(.*?)^```$", re.MULTILINE | re.DOTALL)
OWN = """{% extends "!theme/base.html" %}
{% block head %}{{ super() }}<link rel="stylesheet" href="{{ SITEURL }}/theme/css/own.css">{% endblock %}
"""


@pytest.fixture
def site(tmp_path: Path) -> Desk:
    """A site whose theme is changed and not signed; it takes two administrators to sign it."""
    (tmp_path / "home").mkdir()
    env = environment(tmp_path / "home")
    for name in ("zhang", "li"):
        run("ssh-keygen", "-q", "-t", "ed25519", "-N", "", "-C", "", "-f", tmp_path / name, cwd=tmp_path, env=env)
    options = ("--site-id", "my-site", "--admin", "zhang", "--key", "zhang", "--title", "示例站")
    out = run(QIANFA, "init", "site", *options, cwd=tmp_path, env=env).out
    pin = next(line.strip() for line in out.splitlines() if line.startswith("  sha256:"))
    desk = Desk(path=tmp_path / "site", keys=tmp_path, home=tmp_path / "home", pin=pin, now="")
    desk.done("people", "add", "li", "--name", "示例管理员", "--admin", "--key", tmp_path / "li.pub")
    desk.write("people.yaml", desk.read("people.yaml").replace("needs: 1", "needs: 2"))
    for administrator in ("zhang", "li"):
        desk.done("policy", "sign", "--yes", by=administrator)
    desk.write("theme/overrides/templates/base.html", OWN)
    example = EXAMPLE.search((ROOT / "docs/administrator.md").read_text("utf-8"))
    assert example
    desk.write(example[1], example[2])
    desk.write("theme/overrides/static/css/own.css", ":root { --main: #14532d; }\n")
    desk.write("content/news/a.md", "Title: 草稿\n\n正文一句。\n")
    return desk


def test_a_preview_shows_the_signed_theme_and_names_what_is_otherwise_here(site: Desk, tmp_path: Path) -> None:
    ran = site.qianfa("preview", "--no-serve", "--output", tmp_path / "pages")
    assert (ran.status, ran.complaint.count("theme/overrides/")) == (0, 3)
    assert "own.css" not in (tmp_path / "pages/index.html").read_text()
    assert "own.css" not in (tmp_path / "pages/news/a.html").read_text()
    site.git("stash", "-q", "--include-untracked")
    assert site.qianfa("preview", "--no-serve", "--output", tmp_path / "pages").err == ""


def test_one_administrator_sees_an_unsigned_theme_in_a_copy_and_the_site_stays_as_it_was(
    site: Desk, tmp_path: Path
) -> None:
    found = BLOCK.search((ROOT / "docs/administrator.md").read_text("utf-8"))
    assert found
    commands = found[1].replace("qianfa preview", "qianfa preview --no-serve --output ../pages")
    commands = commands.replace("~/.ssh/id_ed25519", "../zhang").replace("&& rm -rf look", "")
    assert "--key ../zhang" in commands
    before = site.everything()
    env = environment(site.home, QIANFA_TRUST=site.pin)
    env["PATH"] = f"{Path(sys.executable).parent}:{env['PATH']}"
    ran = subprocess.run(
        ["bash", "-e", "-c", commands], cwd=site.path, env=env, capture_output=True, text=True, check=False
    )
    assert ran.returncode == 0, ran.stderr
    for page in ("index.html", "news/a.html"):
        assert "theme/css/own.css" in (tmp_path / "pages" / page).read_text()
    sentence = '<div class="inner"><p>本站内容欢迎转载，请注明出处。</p></div>'
    assert sentence in (tmp_path / "pages/news/a.html").read_text()
    assert (tmp_path / "pages/theme/css/own.css").read_text() == ":root { --main: #14532d; }\n"
    assert site.everything() == before
