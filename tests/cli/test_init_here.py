"""`qianfa init .` in a clone of this very repository makes it the site: its engine, theme and tests are the policy."""

from __future__ import annotations

import json
import subprocess
from dataclasses import replace
from pathlib import Path

import pytest
from command_line import APPROVERS, DRAFTER, POST, Desk, copied, environment, git, run, written

HERE = Path(__file__).parent
WHO = """id title description keywords organiser operator phone email address postcode id_code icp police badge corrections
    index_number"""
"""What founding changes in columns.yaml: the site's name, and who runs it."""


@pytest.fixture(scope="module")
def clone(tmp_path_factory: pytest.TempPathFactory) -> Desk:
    """A clone of the commit that this checkout is at, founded as a site."""
    found = subprocess.run(
        ["git", "rev-parse", "--show-toplevel", "--is-shallow-repository"], cwd=HERE, capture_output=True, text=True, check=False
    )  # fmt: skip
    if found.returncode or found.stdout.split()[1] != "false":
        pytest.skip("this is no whole clone of the repository")
    folder = tmp_path_factory.mktemp("here")
    (folder / "home").mkdir()
    git(folder, "clone", "-q", "--no-hardlinks", found.stdout.split()[0], "clone", home=folder / "home")
    run("ssh-keygen", "-q", "-t", "ed25519", "-N", "", "-f", folder / "me", cwd=folder, env=environment(folder))
    desk = Desk(path=folder / "clone", keys=folder / "keys", home=folder / "home", pin="")
    options = ("--site-id", "here", "--admin", "me", "--key", "../me", "--cast", "../keys", "--title", "我的网站")
    out = desk.done("init", ".", *options)
    desk.pin = next(line.strip() for line in out.splitlines() if line.startswith("  sha256:"))
    return desk


def report(desk: Desk) -> dict[str, object]:
    found: dict[str, object] = json.loads(desk.qianfa("gate", "--format", "json").out)
    return found


def test_the_gate_has_nothing_to_say_against_it_and_its_own_posts_are_drafts(clone: Desk) -> None:
    found = report(clone)
    assert found["findings"] == []
    assert found["site"] == "here"
    summary = found["summary"]
    assert isinstance(summary, dict)
    assert list(summary) == ["draft"]
    assert clone.git("status", "--porcelain") == ""


def test_engine_theme_tests_and_scripts_are_policy_and_one_commit_on_top_of_the_history_signs_them(clone: Desk) -> None:
    """What founding changes are people, columns and the record; the rest is signed as it is."""
    changed = clone.git("diff", "--name-only", "HEAD^", "HEAD").split()
    assert changed == ["columns.yaml", "people.yaml", "policy.review.yaml"]
    lines = clone.git("diff", "-U0", "HEAD^", "HEAD", "--", "columns.yaml").splitlines()
    gone = [line[1:].strip() for line in lines if line.startswith("-") and not line.startswith("---")]
    assert {line.partition(":")[0] for line in gone if not line.startswith("#")} == set(WHO.split())
    assert all(line.startswith("+  ") for line in lines if line[0] == "+" and not line.startswith("+++"))
    head = clone.head
    for path in ("review/gate/judge.py", "theme/templates/base.html", "tests/story.py", "scripts/gate"):
        good = clone.read(path)
        clone.write(path, good + "\n# a change\n")
        clone.git("commit", "-q", "-m", "a change", path)
        assert [one["code"] for one in json.loads(clone.done("gate", "--format", "json"))["findings"]] == [
            "policy-unsigned"
        ]
        clone.git("reset", "-q", "--hard", head)


def test_a_post_goes_online_in_it(clone: Desk, tmp_path: Path) -> None:
    """One of its own, with the pictures that belong to it, and a new one."""
    clone = replace(clone, path=copied(clone.path, tmp_path / "clone"))
    own = "content/news/2026-06-18-orchard-clinic.md"
    written(clone)
    for item in (own, POST):
        clone.done("submit", item, by=DRAFTER)
        for person in APPROVERS:
            clone.done("approve", item, by=person)
    assert clone.done("build", "--output", tmp_path / "output").startswith("2 posts and ")
    page = (tmp_path / "output/news/2026-06-18-orchard-clinic.html").read_text("utf-8")
    assert "苹果园里开“门诊”" in page
    assert "我的网站" in page
    assert list((tmp_path / "output/news/2026-06-18-orchard-clinic").iterdir())
    assert not (tmp_path / "output/content").exists()
    assert clone.git("status", "--porcelain") == ""
