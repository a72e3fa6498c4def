"""Before a policy is signed: templates that nothing could be built with, and columns whose posts would be lost."""

from __future__ import annotations

import json
from collections.abc import Callable

import pytest
from command_line import Desk
from story import COLUMNS, NEWS, Story
from terminal import Seat as Sitting

Seat = Callable[[], Desk]

ARTICLE = "theme/overrides/templates/article.html"
BROKEN = '{% extends "!theme/article.html" %}\n{% block before %}{{ super() }<p>x</p>{% endblock %}\n'
WHY = f"{ARTICLE}:2: the template cannot be read: unexpected '}}'"


def written(desk: Desk, path: str, text: str) -> None:
    """Write a file that git knows."""
    desk.write(path, text)
    desk.git("add", path)


def test_a_broken_template_is_told_by_diff_and_refused_by_sign_and_can_be_signed_all_the_same(published: Desk) -> None:
    written(published, ARTICLE, BROKEN)
    out = published.done("policy", "diff")
    assert f"Look at this before it is signed: - {WHY}; no page could be built; set it right" in " ".join(out.split())
    answer = json.loads(published.done("policy", "diff", "--json"))
    assert [(one["path"], one["line"], one["stops"]) for one in answer["cautions"]] == [(ARTICLE, 2, True)]
    before = published.everything()
    for options in ((), ("--json",), ("--yes",)):
        ran = published.qianfa("policy", "sign", *options, by="me")
        assert (ran.status, published.everything()) == (1, before)
        assert ran.complaint.startswith(WHY)
        assert ran.complaint.endswith("or sign it all the same: --anyway")
    published.done("policy", "sign", "--anyway", by="me")
    output = published.path.parent / "output"
    ran = published.qianfa("build", "--output", output)
    assert ran.status == 1
    assert ran.complaint.startswith(f"{ARTICLE}:2: TemplateSyntaxError: unexpected '}}'; set the template right")


def test_what_is_broken_already_keeps_nobody_from_signing_something_else(published: Desk) -> None:
    """A stolen key has to be marked at once, whatever state the theme is in."""
    written(published, ARTICLE, BROKEN)
    published.done("policy", "sign", "--anyway", by="me")
    published.write("columns.yaml", published.read("columns.yaml") + "\n")
    assert WHY in " ".join(published.done("policy", "diff").split())
    published.done("policy", "sign", by="me")


def test_a_block_that_nothing_shows_is_told_and_can_be_signed(published: Desk) -> None:
    written(published, ARTICLE, '{% extends "!theme/article.html" %}{% block befor %}x{% endblock %}\n')
    assert "no template that it builds on has them: befor" in " ".join(published.done("policy", "diff").split())
    published.done("policy", "sign", by="me")


def test_a_build_that_a_template_stops_says_so_in_chinese_and_names_the_template_first(published: Desk) -> None:
    written(published, ARTICLE, "{{ article.nothing.at.all }}\n")
    published.done("policy", "sign", by="me")
    published.env["LC_ALL"] = "zh_CN.UTF-8"
    ran = published.qianfa("build", "--output", published.path.parent / "output")
    assert ran.err.removeprefix("qianfa: ").startswith(f"{ARTICLE}:1：UndefinedError: ")
    assert "qianfa policy sign" in ran.err


def test_a_preview_warns_of_what_is_broken_in_the_work_tree(published: Desk) -> None:
    written(published, ARTICLE, BROKEN)
    ran = published.qianfa("preview", "--no-serve", "--output", published.path.parent / "output")
    assert ran.status == 0
    assert f"qianfa: {WHY}" in ran.err


@pytest.fixture
def without_news(story: Story, seat: Seat) -> Desk:
    """A site whose one post is online, and whose column somebody took out of the file by hand."""
    story.publish()
    desk = seat()
    start, end = COLUMNS.index("- id: news"), COLUMNS.index("- id: popular-science")
    desk.write("columns.yaml", COLUMNS[:start] + COLUMNS[end:])
    return desk


def test_a_column_taken_out_with_posts_online_is_told_and_refused(without_news: Desk) -> None:
    says = f"the column news is not there, and no page would lead to its posts that are online: {NEWS}"
    out = " ".join(without_news.done("policy", "diff").split())
    assert f"{says}; put it back as it was, then close it: qianfa column close news" in out
    ran = without_news.qianfa("policy", "sign", by="admin-a")
    assert (ran.status, ran.out) == (1, "")
    assert ran.complaint.startswith(f"columns.yaml: {says}")
    for admin in ("admin-a", "admin-b"):  # each of them, for it is not in force before the second has signed
        without_news.done("policy", "sign", "--anyway", by=admin)
    assert says in " ".join(without_news.done("policy", "diff").split())


def test_a_column_taken_out_with_nothing_online_is_nobody_s_concern(story: Story, seat: Seat) -> None:
    story.publish()
    desk = seat()
    start = COLUMNS.index("- {id: files")
    desk.write("columns.yaml", COLUMNS[:start])
    assert json.loads(desk.done("policy", "diff", "--json"))["cautions"] == []
    desk.done("policy", "sign", by="admin-a")


def test_on_a_terminal_it_is_shown_and_asked(without_news: Desk) -> None:
    head = without_news.head
    answers = (("Sign it all the same? [y/N]", "n"),)
    shown = Sitting(without_news, "admin-a").qianfa("policy", "sign", answers=answers, status=1)
    assert "qianfa column close news" in " ".join(shown.split())
    assert without_news.head == head
    Sitting(without_news, "admin-a").qianfa("policy", "sign", "--anyway", answers=(("Sign it? [y/N]", "y"),))
    assert without_news.head != head
