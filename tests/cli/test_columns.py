"""`qianfa column`: administrators add, move and close columns; posts never lose their address or their page."""

from __future__ import annotations

import json
from collections.abc import Callable

import pytest
from command_line import Desk
from story import NEWS, Story

Seat = Callable[[], Desk]

ACTIVITY = "content/popular-science/activities/2026-11-20-b.md"


def changed(desk: Desk, *arguments: str) -> str:
    """Run a command that changes policy files, and leaves git's branch and index alone."""
    head, index = desk.head, (desk.path / ".git/index").read_bytes()
    out = desk.done(*arguments)
    assert (desk.head, (desk.path / ".git/index").read_bytes()) == (head, index)
    assert "qianfa policy sign" in out
    return out


def refused(desk: Desk, *arguments: str, says: str, status: int = 1, out: bool = False) -> str:
    """Run a command that must refuse: one line, and not one byte of the folder other than before."""
    before = desk.everything()
    ran = desk.qianfa(*arguments)
    assert (ran.status, bool(ran.out)) == (status, out), ran
    assert says in ran.complaint
    assert desk.everything() == before
    return ran.out


def in_force(desk: Desk) -> None:
    for admin in ("admin-a", "admin-b"):
        desk.done("policy", "sign", by=admin)


def test_a_column_is_added_and_takes_posts_once_it_is_in_force(story: Story, seat: Seat) -> None:
    desk = seat()
    out = changed(desk, "column", "add", "lectures", "--title", "科普讲座", "--under", "popular-science", "--lead", "fx",
                  "--type", "notices")  # fmt: skip
    assert "the column popular-science/lectures is new: 科普讲座; led by fx" in out
    assert desk.git("diff", "--numstat") == "1\t0\tcolumns.yaml"
    refused(desk, "column", "add", "popular-science/lectures", "--title", "x", says="there is a column")
    in_force(desk)
    assert "content/popular-science/lectures/" in desk.done("new", "popular-science/lectures", "春", by="officer-fx")


def test_a_column_gets_the_meta_lines_that_pages_of_its_type_show(seat: Seat) -> None:
    """An administrator who adds a column of films gets one whose posts may have a film."""
    desk = seat()
    out = changed(desk, "column", "add", "films", "--title", "科普短片", "--lead", "fx", "--type", "video")
    keys = "Video, Video_digest, Video_label, Poster, Captions, Duration"
    assert f"as metadata lists them: {keys}." in " ".join(out.split())
    assert f"metadata: [{keys}]" in desk.read("columns.yaml")
    assert "metadata" not in changed(
        desk, "column", "add", "talks", "--title", "讲座", "--lead", "fx", "--type", "news"
    )
    assert desk.git("diff", "--numstat") == "2\t0\tcolumns.yaml"
    in_force(desk)
    made = desk.done(
        "new", "films", "短片", "--field", "Video=film.mp4", "--field", "Duration=00:01:00", "--json", by="officer-fx"
    )
    assert "\nVideo: film.mp4\nDuration: 00:01:00\n" in desk.read(json.loads(made)["post"])


def test_the_meta_lines_of_a_column_can_be_chosen_and_those_that_no_column_may_have_are_refused(seat: Seat) -> None:
    desk = seat()
    chosen = ("--type", "people", "--metadata", "Role", "--metadata", "Venue")
    answer = json.loads(desk.done("column", "add", "experts", "--title", "专家", "--lead", "fx", *chosen, "--json"))
    assert answer["notes"] == ["Its posts may have these meta lines besides, as metadata lists them: Role, Venue."]
    assert "type: people, metadata: [Role, Venue]}" in desk.read("columns.yaml")
    for key, says in (("Status", "would hide or reveal the page"), ("title", "every post may have Title")):
        refused(desk, "column", "add", "x", "--title", "x", "--lead", "fx", "--metadata", key, says=says, status=2)
    refused(desk, "column", "add", "x", "--title", "x", "--lead", "fx", "--metadata", "单位", says="such as Venue")


def test_a_column_without_anybody_who_may_write_there_is_refused(seat: Seat) -> None:
    desk = seat()
    refused(desk, "column", "add", "empty", "--title", "x", says="nobody may write here")
    refused(
        desk, "column", "add", "x", "--title", "x", "--lead", "fx", "--duty", "weekly", says="'weekly' is not one of"
    )
    refused(desk, "column", "add", "index", "--title", "x", "--lead", "fx", says="no column may be called")
    refused(desk, "column", "add", "x", "--title", "x", "--lead", "publicty", status=2, says="did you mean publicity")
    refused(desk, "column", "add", "x", status=2, says="--title: a title is needed")


def test_a_sub_column_never_takes_the_place_of_a_post(story: Story, seat: Seat) -> None:
    story.publish()
    desk = seat()
    refused(desk, "column", "add", "2026-11-20-a", "--title", "x", "--under", "news", says="has the pages of that name")
    desk.write("content/news/new.md", "Title: x\n\nx\n")
    refused(desk, "column", "add", "new", "--title", "x", "--under", "news", says="has the pages of that name")
    changed(desk, "column", "add", "new", "--title", "x", "--lead", "fx")
    refused(desk, "column", "move", "new", "--under", "news", says="has the pages of that name")


def test_columns_change_places_and_their_posts_stay(story: Story, seat: Seat) -> None:
    story.publish()
    story.post(ACTIVITY)
    story.commit()
    desk = seat()
    out = changed(desk, "column", "move", "news", "--after", "files")
    assert "the column news now comes after files" in out
    changed(desk, "column", "move", "outline", "--before", "activities")
    refused(desk, "column", "move", "outline", "--before", "activities", says="stands there already")
    in_force(desk)
    assert story.item(revision=desk.head).state == "live"
    changed(desk, "column", "move", "news", "--before", "popular-science")
    changed(desk, "column", "move", "outline", "--after", "activities")
    assert desk.git("diff", "HEAD~2", "--stat", "--", "columns.yaml") == ""


def test_a_column_with_a_post_keeps_its_address(story: Story, seat: Seat) -> None:
    """Signed or not, committed or not, there or gone."""
    story.post(ACTIVITY)
    story.sign(ACTIVITY, "draft", "officer-fx")
    story.remove(ACTIVITY, ACTIVITY.replace(".md", ".review.yaml"))
    story.commit()
    desk = seat()
    desk.write("content/files/x.md", "Title: x\n\nx\n")
    for id, to in (("popular-science/activities", "news"), ("popular-science", "files"), ("files", "news")):
        refused(desk, "column", "move", id, "--under", to, says="posts never move")
    out = changed(desk, "column", "move", "popular-science/outline", "--under", "news")
    assert "the column popular-science/outline is now news/outline, with another address" in out


@pytest.mark.parametrize(
    ("arguments", "says"),
    [
        (("move", "news"), "it is not said where to"),
        (("move", "news", "--before", "files", "--after", "files"), "it is not said where to"),
        (("move", "nws", "--before", "files"), "did you mean news"),
        (("move", "news", "--before", "flies"), "did you mean files"),
        (("close", "nothing-like-it"), "columns are news, popular-science, files"),
    ],
)
def test_a_slip_is_refused_before_anything_is_written(seat: Seat, arguments: tuple[str, ...], says: str) -> None:
    refused(seat(), "column", *arguments, status=2, says=says)


def test_a_column_that_never_had_a_post_is_taken_out_when_it_is_closed(seat: Seat) -> None:
    desk = seat()
    assert "never had a post, so it is taken out" in changed(desk, "column", "close", "popular-science/outline")
    assert desk.git("diff", "--numstat") == "0\t1\tcolumns.yaml"
    refused(desk, "column", "close", "popular-science/outline", status=2, says="there is no column")
    says = "close them with it: qianfa column close popular-science/activities popular-science"
    refused(desk, "column", "close", "popular-science", says=says)
    changed(desk, "column", "close", "popular-science/activities")
    changed(desk, "column", "close", "popular-science")
    assert "popular-science" not in desk.read("columns.yaml")


def test_several_columns_are_closed_in_one_edit_sub_columns_first(story: Story, seat: Seat) -> None:
    story.publish()
    desk = seat()
    names = ("popular-science", "news", "popular-science/outline", "activities", "news")
    refused(desk, "column", "close", *names, "nws", status=2, says="did you mean news")
    refused(desk, "column", "close", "popular-science", "outline", says="its sub-columns take posts")
    out = " ".join(changed(desk, "column", "close", *names).split())
    assert "popular-science never had a post, so it is taken out" in out
    assert "news keeps its page" in out
    assert "popular-science" not in desk.read("columns.yaml")
    in_force(desk)
    assert story.item(revision=desk.head).state == "live"


def test_whoever_closes_a_column_with_nothing_online_hears_that_its_page_goes(story: Story, seat: Seat) -> None:
    story.publish()
    desk = seat()
    desk.done("withdraw", NEWS, "--note", "旧闻", by="publisher-1")
    out = " ".join(changed(desk, "column", "close", "news").split())
    assert "news has nothing online, so it has no page any more" in out
    assert "- id: news" in desk.read("columns.yaml")


def test_a_column_gets_another_title_and_keeps_its_address(story: Story, seat: Seat) -> None:
    story.publish()
    desk = seat()
    out = changed(desk, "column", "rename", "news", "--title", " 要闻: 动态 ")
    assert "the column news is now called 要闻: 动态, not 工作动态" in out
    assert desk.git("diff", "--numstat") == "1\t1\tcolumns.yaml"
    refused(desk, "column", "rename", "news", "--title", "要闻: 动态", says="news is called 要闻: 动态 already")
    refused(desk, "column", "rename", "news", status=2, says="--title: a title is needed")
    refused(desk, "column", "rename", "nws", "--title", "x", status=2, says="did you mean news")
    in_force(desk)
    assert story.item(revision=desk.head).state == "live"


def test_a_column_is_added_with_what_it_is_for(seat: Seat) -> None:
    desk = seat()
    text = "讲座预告: 时间与地点\u200b。"
    out = changed(desk, "column", "add", "lectures", "--title", "讲座", "--lead", "fx", "--description", text)
    assert "its description is 讲座预告: 时间与地点。" in out
    assert desk.git("diff", "--numstat") == "1\t0\tcolumns.yaml"


def test_a_closed_column_keeps_its_page_and_its_posts_and_takes_no_new_ones(story: Story, seat: Seat) -> None:
    story.publish()
    desk = seat()
    out = changed(desk, "column", "close", "news")
    assert "the column news is closed: nobody may submit there" in out
    assert "news keeps its page" in out
    assert desk.git("diff", "--numstat") == "1\t1\tcolumns.yaml\n1\t0\tpeople.yaml"
    refused(desk, "column", "close", "news", says="news is closed already")
    in_force(desk)
    assert story.item(revision=desk.head).state == "live"
    ran = desk.qianfa("new", "news", "夏", by="officer-fx")
    assert ran.status
    desk.write(NEWS, desk.read(NEWS) + "\n更正。\n")
    ran = desk.qianfa("submit", NEWS, by="officer-fx")
    assert ran.status == 1
    assert "has no part in the column news" in ran.complaint
    desk.git("checkout", "-q", NEWS)
    desk.done("withdraw", NEWS, "--note", "旧闻", by="publisher-1")
    assert story.item(revision=desk.head).state == "withdrawn"


def test_what_is_in_review_in_a_column_that_closes_is_told_and_asked_about(story: Story, seat: Seat) -> None:
    story.post()
    story.chain(NEWS, ("draft", "officer-fx"), ("head", "head-fx"))
    desk = seat()
    out = refused(desk, "column", "close", "news", says="nothing was written", out=True)
    assert f"{NEWS}: the sign-offs of version 1 come to nothing with the next one" in out
    answer = json.loads(desk.done("column", "close", "news", "--anyway", "--json"))
    assert (answer["written"], answer["files"]) == (True, ["people.yaml", "columns.yaml"])
    in_force(desk)
    ran = desk.qianfa("approve", NEWS, by="reviewer-1")
    assert ran.status == 1
    assert "has no part in the column news" in ran.complaint
