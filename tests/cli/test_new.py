"""`qianfa new`: on a terminal it asks for what is missing and offers what one may write; elsewhere one line says what is."""

from __future__ import annotations

import json
from pathlib import Path

import pytest
from command_line import DRAFTER, Desk, seated
from story import OFFICES, Story, begin
from terminal import Seat, editor

from review.model.paths import attachments_of

JPEG = b"\xff\xd8\xff\xd9"
NO = ("classified?", "n")
REST = tuple(
    (question, "") for question in ("Which kind?", "Planned time", "Expires on", "Summary", "Source", "Author", "Tags")
)

PLAIN = ("Is it an official document", "")


def refused(desk: Desk, *arguments: str, by: str = "", status: int = 1) -> str:
    before = desk.everything()
    ran = desk.qianfa("new", *arguments, by=by)
    assert (ran.status, ran.out) == (status, "")
    assert desk.everything() == before
    return ran.complaint


def drafts(desk: Desk) -> list[str]:
    """Return the posts that are in the work tree and not committed."""
    return sorted(path.relative_to(desk.path).as_posix() for path in desk.path.glob("content/**/*.md"))


# -- off a terminal ------------------------------------------------------------------------------------------------


@pytest.mark.parametrize(("arguments", "name"), [((), "'COLUMN'"), (("news",), "'TITLE'")])
def test_off_a_terminal_what_is_missing_is_said_in_one_line(
    founded: Desk, arguments: tuple[str, ...], name: str
) -> None:
    assert f"Missing argument {name}" in refused(founded, *arguments, by=DRAFTER, status=2)


def test_off_a_terminal_nothing_is_asked_and_all_can_be_given(founded: Desk) -> None:
    given = (
        "--planned", "2026年12月1日 9:00", "--expires", "2026/12/31", "--summary", " 一\u200b句。", "--source", "市科协",
        "--author", "示例作者", "--tags", "讲座，科普", "--field", "Keywords=科普", "--no-major", "--classified", "no",
    )  # fmt: skip
    out = founded.done("new", "news", "春季科普讲座", *given, "--json", by=DRAFTER)
    made = json.loads(out)
    assert (made["new"], made["unit"], made["kind"], made["column"]) == (1, "fengxiang", "article", "news")
    assert founded.read(made["post"]).startswith(
        "Title: 春季科普讲座\nAuthor: 示例作者\nSource: 市科协\nSummary: 一句。\nKeywords: 科普\nTags: 讲座，科普\n\n"
    )
    record = founded.read(made["record"])
    assert "planned: 2026-12-01T09:00:00+08:00\nexpires: 2026-12-31\n" in record
    assert "classified: no\n" in record
    founded.write(made["post"], founded.read(made["post"]) + "\n正文。\n")
    founded.done("submit", made["post"], by=DRAFTER)


def test_what_is_classified_is_refused_and_nothing_is_written(founded: Desk) -> None:
    assert "whoever is in charge of secrecy" in refused(founded, "news", "标题", "--classified", "yes", by=DRAFTER)
    assert "neither no nor yes" in refused(founded, "news", "标题", "--classified", "maybe", by=DRAFTER, status=2)


@pytest.mark.parametrize(
    ("field", "says", "status"),
    [
        ("Duration=1", "has no line 'Duration'", 1),
        ("status=live", "has no line 'status'", 1),
        ("title=x", "has no line 'title'", 1),
        ("Keywords", "is not KEY=VALUE", 2),
        ("=x", "is not KEY=VALUE", 2),
        ("Date=tomorrow", "'tomorrow' is no day such as 2026-12-31", 1),
        ("Disclosure=公开", "'公开' is none of 主动公开", 1),
        ("Disclosure=依申请公开", "what is not for everyone is not written here", 1),
        ("Image=banner.docx", "is no picture that browsers show", 1),
    ],
)
def test_a_meta_line_that_the_column_does_not_have_is_refused(
    founded: Desk, field: str, says: str, status: int
) -> None:
    assert says in refused(founded, "news", "标题", "--field", field, by=DRAFTER, status=status)


def test_an_index_number_given_as_an_option_is_held_against_the_site_as_a_typed_one_is(founded: Desk) -> None:
    founded.write(
        "columns.yaml", founded.read("columns.yaml").replace("site:\n", "site:\n  index_number: SK-\\d{3}\n", 1)
    )
    founded.done("policy", "sign", "--yes", by="me")
    given = ("disclosure", "公开", "--unit", "office")
    complaint = refused(founded, *given, "--field", "Index_number=CZ26-1", by="officer-office")
    assert "is not spelled as columns.yaml asks; write it such as SK-000" in complaint
    made = json.loads(founded.done("new", *given, "--field", "index_number=SK-001", "--json", by="officer-office"))
    assert "Index_number: SK-001\n" in founded.read(made["post"])


def test_options_of_films_take_several_variants_and_what_is_typed_is_written_as_it_must_be(founded: Desk) -> None:
    digits = "9f2c41aa0b7d93e1" * 4
    fields = ("Video=a.mp4，b.mp4", f"Video_digest=, {digits.upper()}", "Duration=4:10")
    given = [part for one in fields for part in ("--field", one)]
    out = founded.done("new", "on-demand", "短片", "--kind", "video", *given, by="officer-info-centre")
    (post,) = drafts(founded)
    assert founded.read(post).partition("\n\n")[0] == (
        f"Title: 短片\nVideo: a.mp4, b.mp4\nVideo_digest: , sha256:{digits}\nDuration: 00:04:10"
    )
    assert f"belong into a folder that you make: {attachments_of(post)}\n" in out


def test_a_key_that_the_column_lists_is_taken_as_it_is_spelled_there(founded: Desk) -> None:
    made = json.loads(
        founded.done(
            "new",
            "on-demand",
            "短片",
            "--kind",
            "video",
            "--field",
            "duration=00:03:20",
            "--json",
            by="officer-info-centre",
        )
    )
    assert "\nDuration: 00:03:20\n" in founded.read(made["post"])


def test_a_name_that_a_post_had_is_not_given_again_though_the_post_is_gone(published: Desk) -> None:
    """Else the new post would be the next version of the old one."""
    (post,) = drafts(published)
    published.git("rm", "-r", "-q", "content")
    published.git("commit", "-q", "-m", "all gone")
    again = json.loads(published.done("new", "news", "春季科普讲座", "--json", by=DRAFTER))["post"]
    assert again == post.replace(".md", "-2.md")


def test_whoever_drafts_for_several_units_or_none_says_for_which(tmp_path: Path) -> None:
    story = Story(tmp_path / "site")
    offices = OFFICES | {"officer-fx": ("officer@fx", "officer@mx"), "officer-mx": ("officer@county",)}
    story.sign_policy(people=story.people(offices))
    desk = seated(story, tmp_path)
    assert "officer-fx drafts for fx, mx; say which with --unit" in refused(desk, "news", "标题", by="officer-fx")
    assert "officer-mx drafts for fx, mx" in refused(desk, "news", "标题", by="officer-mx")
    assert "leader-1 drafts for no unit" in refused(desk, "news", "标题", by="leader-1")
    assert "or say which unit with --unit" in refused(desk, "news", "标题")
    assert "unit: mx\n" in desk.read(json.loads(desk.done("new", "news", "标题", "--unit", "mx", "--json"))["record"])


# -- on a terminal -------------------------------------------------------------------------------------------------


def test_on_a_terminal_it_asks_for_everything_and_opens_the_editor(founded: Desk, tmp_path: Path) -> None:
    answers = (
        ("Which column?", "青少年"), ("classified?", ""), ("answer yes or no", "n"),
        ("Title", "广东 AI 体验 😀！"), ("Which kind?", ""),
        ("Planned time", "tomorrow"), ("is no time", "2026-12-01 9:00"),
        ("Expires on", "2026-01-01"), ("is over already", ""),
        ("Summary", "一句话。"), ("Source", ""), ("Author", ""), ("Tags", "科普"),
    )  # fmt: skip
    desk = Seat(founded, "officer-societies")
    shown = desk.qianfa("new", answers=answers, env=editor(tmp_path, 'printf "\\n写在编辑器里。\\n" >> "$1"'))
    (post,) = drafts(founded)
    assert post == "content/innovation/youth/2026-11-21-guang-dong-ai-ti-yan.md"
    assert founded.read(post).startswith("Title: 广东 AI 体验 😀！\nSummary: 一句话。\nTags: 科普\n\n")
    assert "写在编辑器里" in founded.read(post)
    assert f"qianfa submit {post}" in shown
    record = founded.read(post.replace(".md", ".review.yaml"))
    assert "kind: article\nunit: societies\nclassified: no\n" in record
    assert "planned: 2026-12-01T09:00:00+08:00\n" in record


def test_only_columns_that_the_unit_may_write_for_are_offered_as_a_tree(founded: Desk) -> None:
    answers = (
        ("Which column?", "no such"),
        ("no such choice", "3"),
        NO,
        ("Title", "答复"),
        *REST,
        ("Day on which", ""),
    )
    shown = Seat(founded, DRAFTER).qianfa("new", "--no-edit", answers=answers)
    assert shown.partition("may write for:\n")[2].partition("Which column")[0].splitlines() == [
        "  1 工作动态  news",
        "  2 通知公告  notices",
        "    科技工作者之家",
        "  3   网上留言  science-workers/messages",
    ]
    (post,) = drafts(founded)
    assert post.startswith("content/science-workers/messages/")
    assert "kind: reply\n" in founded.read(post.replace(".md", ".review.yaml"))


def test_an_answer_that_could_mean_several_is_asked_again(founded: Desk) -> None:
    several = "that could be innovation/golden-autumn, innovation/achievements"
    answers = (("Which column?", "学术"), (several, "学术成果"), NO, ("Title", "x"), *REST, PLAIN)
    Seat(founded, "officer-societies").qianfa("new", "--no-edit", answers=answers)
    assert drafts(founded) == ["content/innovation/achievements/2026-11-21-x.md"]


def test_a_topic_column_is_for_topics_and_the_form_asks_for_the_planned_time(founded: Desk) -> None:
    answers = (
        ("Which kind? [topic]", ""), ("Planned time, as the application form asks", ""), *REST[2:],
        ("Picture at the head of the topic", "banner.docx"), ("is no picture that browsers show", "横幅.jpg"),
    )  # fmt: skip
    shown = Seat(founded, "officer-office").qianfa(
        "new", "topics", "冬季安全", "--no-edit", "--classified", "no", answers=answers
    )
    (post,) = drafts(founded)
    assert "kind: topic\n" in founded.read(post.replace(".md", ".review.yaml"))
    folder = attachments_of(post)
    assert f"Image: {folder.split('/')[-2]}/横幅.jpg\n" in founded.read(post)
    assert f"belong into a folder that you make: {folder}" in "".join(shown.split("\n"))
    founded.write(f"{folder}横幅.jpg", JPEG)
    assert "link-dead" not in founded.qianfa("check", "--fast", post, "--json").out


def test_a_policy_column_asks_for_the_block_of_a_document_in_words(founded: Desk) -> None:
    """A wrong value is asked for again, with those that are right; what stays empty is left out."""
    founded.write(
        "columns.yaml", founded.read("columns.yaml").replace("site:\n", "site:\n  index_number: SK-\\d{3}\n", 1)
    )
    founded.done("policy", "sign", "--yes", by="me")
    more = (
        *REST,
        ("Day of the document", "昨天"), ("is no day such as", "2026年11月20日"),
        ("Document number, such as 市科协发〔2026〕1号", "宝科协〔2026〕1号"),
        ("Index number (索引号), such as SK-000", "1"), ("write it such as SK-000", "SK-001"),
        ("To whom it is open (公开属性): 主动公开 (may be empty)", "公开"), ("is none of 主动公开", "不予公开"),
        ("what is not for everyone is not written here", "主动公开"),
        ("Topic class (主题分类)", "科技"), ("Issuing body (发文机关)", ""),
        ("Whether it is in force", "长期"), ("is none of 有效", "有效"),
    )  # fmt: skip
    Seat(founded, "officer-office").qianfa("new", "disclosure", "公开", "--no-edit", answers=(NO, *more))
    (post,) = drafts(founded)
    assert founded.read(post) == (
        "Title: 公开\nDate: 2026-11-20\nDocument_number: 宝科协〔2026〕1号\nIndex_number: SK-001\nDisclosure: 主动公开\n"
        "Topic_class: 科技\nValidity: 有效\n\n\n"
    )
    assert founded.qianfa("check", "--fast", post).status == 1  # it has no text yet
    founded.write(post, founded.read(post).rstrip("\n") + "\nSummary: 一句。\n\n正文一句。\n")
    assert "value-unknown" not in founded.qianfa("check", "--fast", post, "--json").out


def test_other_columns_ask_first_whether_it_is_a_document(founded: Desk) -> None:
    Seat(founded, DRAFTER).qianfa("new", "notices", "甲", "--no-edit", answers=(NO, *REST, PLAIN))
    block = ("Day of the document", "Document number", "Index number", "To whom", "Topic class", "Issuing", "in force")
    answers = (*REST, (PLAIN[0], "y"), *((one, "") for one in block))
    Seat(founded, DRAFTER).qianfa("new", "notices", "乙", "--no-edit", answers=(NO, *answers))
    assert [founded.read(post).partition("\n\n")[0] for post in drafts(founded)] == ["Title: 甲", "Title: 乙"]


def test_a_column_of_films_asks_for_the_film_and_what_goes_with_it(founded: Desk) -> None:
    film = (("Which kind?", "video"), *REST[1:],
            ("Film: the name of its file", "a.mp4, b.mp4"), ("one file is asked for here", "film.avi"),
            ("cannot be played here", "../film.mp4"), ("its name cannot be used", "film.mp4"),
            ("Picture before the film", "poster.svg"), ("is no picture that browsers show", "poster.jpg"),
            ("Captions: the name", "captions.srt"), ("its name should end in vtt", ""),
            ("How long it is", "four"), ("write it such as 00:04:10", "4:10"))  # fmt: skip
    Seat(founded, "officer-info-centre").qianfa("new", "on-demand", "短片", "--no-edit", answers=(NO, *film))
    (post,) = drafts(founded)
    assert founded.read(post).partition("\n\n")[0] == (
        "Title: 短片\nVideo: film.mp4\nPoster: poster.jpg\nDuration: 00:04:10"
    )


def test_a_film_that_lies_elsewhere_is_asked_for_its_digest_and_one_beside_the_post_is_not(founded: Desk) -> None:
    place = "https://media.example.org/films/"
    founded.write("columns.yaml", founded.read("columns.yaml").replace("site:\n", f"site:\n  media: [{place}]\n", 1))
    founded.done("policy", "sign", "--yes", by="me")
    digits = "9f2c41aa0b7d93e1" * 4
    film = (("Which kind?", "video"), *REST[1:],
            ("Film: the name of its file", "https://example.org/f.mp4"), (f"is not below {place}", f"{place}f.mp4"),
            ("Its digest", "9f2c"), ("a digest has 64 digits", f"{digits.upper()}  f.mp4"),
            ("Picture before the film", ""), ("Captions", ""), ("How long it is", ""))  # fmt: skip
    Seat(founded, "officer-info-centre").qianfa("new", "on-demand", "短片", "--no-edit", answers=(NO, *film))
    (post,) = drafts(founded)
    assert founded.read(post).partition("\n\n")[0] == (
        f"Title: 短片\nVideo: {place}f.mp4\nVideo_digest: sha256:{digits}"
    )


def test_a_library_asks_for_a_recording_or_a_film_only_where_the_kind_has_one(founded: Desk) -> None:
    kind, whom = "What kind of resource it is: text or 文字", "For whom it is"
    seat = Seat(founded, "officer-info-centre")
    poster = (*REST, (kind, "小册子"), ("is none of 文字, 图片", "海报"), (whom, "公众"))
    seat.qianfa("new", "garden", "甲", "--no-edit", answers=(NO, *poster))
    sound = (
        *REST,
        (kind, "audio"),
        (whom, ""),
        ("Recording: the name", "s.mp3"),
        ("Captions", ""),
        ("How long", "0:11"),
    )
    seat.qianfa("new", "garden", "乙", "--no-edit", answers=(NO, *sound))
    empty = (*REST, (kind, ""), (whom, ""), ("Film: the name", ""), ("Recording: the name", ""))
    seat.qianfa("new", "garden", "丙", "--no-edit", answers=(NO, *empty))
    given = ("--field", "Resource_kind=视频", "--field", "Video=v.mp4")
    rest = (*REST, (whom, ""), ("Picture before", ""), ("Captions", ""), ("How long", ""))
    seat.qianfa("new", "garden", "丁", "--no-edit", *given, answers=(NO, *rest))
    assert {founded.read(post).partition("\n\n")[0] for post in drafts(founded)} == {
        "Title: 甲\nResource_kind: poster\nAudience: 公众",
        "Title: 乙\nResource_kind: audio\nAudio: s.mp3\nDuration: 00:00:11",
        "Title: 丙",
        "Title: 丁\nResource_kind: video\nVideo: v.mp4",
    }


def test_people_and_answers_are_asked_for_in_words(founded: Desk) -> None:
    person = (
        *REST,
        ("Portrait: the name of its file", "甲.jpg"),
        ("What the person is, such as", "教师"),
        ("What the person's field is", ""),
    )
    Seat(founded, "officer-info-centre").qianfa("new", "people", "甲", "--no-edit", answers=(NO, *person))
    assert "/甲.jpg\n" in founded.read(drafts(founded)[0])
    reply = (*REST, ("Day on which the question came", "2026-13-01"), ("is no day", "2026/11/12"))
    Seat(founded, DRAFTER).qianfa("new", "messages", "乙", "--no-edit", answers=(NO, *reply))
    assert ["Role: 教师" in founded.read(post) for post in drafts(founded)] == [True, False]
    assert ["Asked: 2026-11-12" in founded.read(post) for post in drafts(founded)] == [False, True]


def test_what_touches_anything_classified_is_refused_before_a_title_is_typed(founded: Desk) -> None:
    before = founded.everything()
    shown = Seat(founded, DRAFTER).qianfa("new", "news", answers=(("classified?", "yes"),), status=1)
    assert "whoever is in charge of secrecy" in shown
    assert "Title" not in shown
    assert founded.everything() == before


def test_in_chinese_a_question_takes_the_answers_that_stand_behind_it(founded: Desk) -> None:
    """是 and 否 are named there; y and n are taken as well."""
    seat = Seat(founded, DRAFTER, language="zh_CN.UTF-8")
    refusing = (("[是/否]", "也许"), ("[是/否]", "是"))
    assert "未写入任何内容" in seat.qianfa("new", "news", answers=refusing, status=1)
    for no in ("否", "N"):
        seat.qianfa("new", "news", answers=(("[是/否]", no), ("标题", "\x03")), status=130)


def test_a_major_matter_is_asked_about_only_where_there_is_a_chain_for_it(tmp_path: Path) -> None:
    story = begin(tmp_path / "site")
    desk = seated(story, tmp_path)
    answers = (NO, ("Title", "大事"), REST[0], ("major matter", "y"), *REST[1:])
    Seat(desk, "officer-fx").qianfa("new", "news", "--no-edit", answers=answers)
    assert "major: yes\n" in desk.read("content/news/2026-11-21-da-shi.review.yaml")


def test_without_an_editor_it_says_where_the_file_is_and_ctrl_d_leaves_nothing(founded: Desk) -> None:
    shown = Seat(founded, DRAFTER).qianfa(
        "new", "news", "标题", answers=(NO, *REST), env={"VISUAL": "/nonexistent/editor"}
    )
    assert "content/news/2026-11-21-biao-ti.md is there; write it" in shown
    before = founded.everything()
    shown = Seat(founded, DRAFTER).qianfa("new", "news", answers=(("classified?", "n"), ("Title", "\x04")), status=130)
    assert "nothing is half done" in shown
    assert founded.everything() == before


def test_a_column_may_be_named_by_its_title_and_one_that_is_not_ones_own_is_asked_for_again(founded: Desk) -> None:
    rest = ("--no-edit", "--classified", "no")
    Seat(founded, DRAFTER).qianfa("new", "公告", "甲", *rest, answers=(*REST, PLAIN))
    Seat(founded, DRAFTER).qianfa("new", "disclosure", "乙", *rest, answers=(("may write for:", "１"), *REST))
    assert drafts(founded) == ["content/news/2026-11-21-yi.md", "content/notices/2026-11-21-jia.md"]
    shown = Seat(founded, DRAFTER).qianfa("new", "--unit", "none", status=1)
    assert "there is no unit 'none'" in shown
