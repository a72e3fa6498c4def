"""What stands on a form: the fields and boxes of the version that was handed in, its codes, and who is told to wait."""

from __future__ import annotations

from pathlib import Path
from typing import Any

import pytest
from story import COLUMNS, NEWS, NOW, OFFICES, WORKFLOWS, Story, begin

from review import pipeline
from review.errors import Refused
from review.model.digests import content_code, digest_of
from review.model.forms import Field, Form, FormKind, is_code_of, qr_text
from review.views.form import MAX_BOXES, MAX_LINES, form_for
from review.views.form_words import CHINESE, ENGLISH

TOPIC = """\
  topic:
    title: 专题专栏
    kinds: [topic]
    groups: [county]
    stages:
    - {id: draft, title: 填写申办单, by: officer@unit}
    - {id: head, title: 报送单位负责人审核, by: head@unit, paper: yes}
    - {id: publicity, title: 宣调部复审, by: reviewer@publicity, needs: 2}
    - {id: leader, title: 分管领导终审, by: leader@unit, paper: yes}
    - {id: publish, title: 发布, by: publisher@info-centre}
"""
WITH_TOPIC = WORKFLOWS.replace("  major:\n", TOPIC + "  major:\n")


def form_of(site: Story, kind: FormKind | None = None, item: str = NEWS) -> Form:
    """Return the form of a post as the head has it."""
    options = pipeline.GateOptions(now=NOW, pin=site.pin)
    with pipeline.judged(site.path, "HEAD", options) as session:
        return form_for(pipeline.bench_of(session, options), item, kind)


def told(folder: Path, *, workflows: str = WITH_TOPIC, columns: str = COLUMNS, **header: str) -> Story:
    """A site with a post that was handed in."""
    site = Story(folder / "site")
    site.sign_policy(workflows=workflows, columns=columns)
    site.post(**header)
    site.sign(NEWS, "draft", "officer-fx")
    return site


def field(form: Form, key: str) -> Field:
    """Return a field."""
    return next(one for one in form.fields if one.key == key)


def keys(form: Form) -> list[str]:
    return [one.key for one in form.fields]


@pytest.mark.parametrize(
    ("kind", "style", "title"),
    [
        ("topic", "annex", "测试站专题专栏发布申办单"),
        ("video", "annex", "测试站视频发布申办单"),
        ("article", "sign-off", "测试站图文信息发布审签单"),
        ("reply", "sign-off", "测试站网上留言答复审签单"),
    ],
)
def test_the_kind_of_the_post_chooses_the_form_and_the_site_gives_its_name(
    tmp_path: Path, kind: str, style: str, title: str
) -> None:
    form = form_of(told(tmp_path, kind=kind))
    assert (form.style, form.title) == (style, title)


def test_a_form_of_another_kind_can_be_wanted(tmp_path: Path) -> None:
    site = told(tmp_path)
    assert form_of(site, "annex").title == "测试站信息发布申办单"
    assert form_of(site, "sign-off") == form_of(site)


def test_the_annex_of_a_topic_has_the_fields_of_the_notice_and_what_it_lacks(tmp_path: Path) -> None:
    form = form_of(told(tmp_path, kind="topic", planned="2026-11-22T01:00:00Z"))
    assert [(one.label, one.value) for one in form.fields] == [
        ("专题专栏内容", "春季科普讲座"),
        ("报送部室（单位）", "凤翔区科协"),
        ("是否涉密", ""),
        ("报送日期", "2026年11月20日"),
        ("拟发布时间", "2026年11月22日 09:00"),
        ("建议发布栏目", "工作动态"),
        ("审签流程", "专题专栏"),
        ("提交人", "示例officer-fx（officer-fx）已于 2026年11月20日 10:30 用密钥签署"),
        ("信息员姓名", ""),
        ("联系电话", ""),
    ]


def test_the_annex_of_a_video_names_title_and_proposed_column(tmp_path: Path) -> None:
    form = form_of(told(tmp_path, kind="video"))
    assert [one.label for one in form.fields[:6]] == [
        "标题", "报送部室（单位）", "是否涉密", "报送日期", "拟发布时间", "建议发布栏目",
    ]  # fmt: skip


@pytest.mark.parametrize("kind", ["topic", "video", "article", "reply"])
def test_every_form_asks_whether_it_is_classified_and_marks_the_headers_answer(tmp_path: Path, kind: str) -> None:
    assert field(form_of(told(tmp_path, kind=kind)), "classified").choices == (("是", False), ("否", True))


def test_a_post_without_a_planned_instant_goes_online_as_soon_as_all_have_signed(tmp_path: Path) -> None:
    assert field(form_of(told(tmp_path)), "planned").value == "签齐后即发布"


def test_a_post_that_expires_says_when(tmp_path: Path) -> None:
    form = form_of(told(tmp_path, expires="2027-11-22"))
    assert field(form, "expires").value == "2027年11月22日"
    assert "expires" not in keys(form_of(told(tmp_path / "other")))


def test_an_instant_at_the_end_of_calendars_is_shown_as_it_was_said(tmp_path: Path) -> None:
    form = form_of(told(tmp_path, planned="9999-12-31T23:59:59Z"))
    assert field(form, "planned").value == "9999年12月31日 23:59"


def test_a_sub_column_stands_with_the_column_above_it(tmp_path: Path) -> None:
    site = begin(tmp_path / "site")
    item = site.post("content/popular-science/activities/2026-11-20-b.md")
    site.sign(item, "draft", "officer-fx")
    assert field(form_of(site, item=item), "column").value == "科学普及 / 科普活动"


# Boxes.


def test_each_stage_between_the_draft_and_the_last_has_a_box_and_one_for_two_people_has_two(tmp_path: Path) -> None:
    form = form_of(told(tmp_path, kind="topic"))
    assert [(box.stage, box.title, box.paper, box.person) for box in form.boxes] == [
        ("head", "报送单位负责人审核", True, ""),
        ("publicity", "宣调部复审（1/2）", False, ""),
        ("publicity", "宣调部复审（2/2）", False, ""),
        ("leader", "分管领导终审", True, ""),
    ]


def test_a_last_stage_that_takes_paper_has_its_box_too(tmp_path: Path) -> None:
    flow = WORKFLOWS.replace("by: publisher@info-centre}", "by: publisher@info-centre, paper: yes}")
    assert [box.stage for box in form_of(told(tmp_path, workflows=flow)).boxes] == [
        "head", "publicity", "leader", "publish",
    ]  # fmt: skip


def test_a_chain_of_draft_and_publication_has_no_box(tmp_path: Path) -> None:
    assert form_of(told(tmp_path, kind="video")).boxes == ()


def test_a_stage_that_is_signed_says_who_and_when_instead_of_an_empty_box(tmp_path: Path) -> None:
    site = told(tmp_path)
    site.sign(NEWS, "head", "head-fx", note="标题改短了")
    box, following = form_of(site).boxes[:2]
    assert (box.person, box.on_paper, box.note) == ("head-fx", False, "标题改短了")
    assert box.shown == "示例head-fx（head-fx）已于 2026年11月20日 10:40 用密钥签署"
    assert following.person == ""


def test_a_stage_signed_on_paper_names_the_signatory_and_who_relayed_it(tmp_path: Path) -> None:
    site = told(tmp_path)
    scan = b"a scan"
    digest = digest_of(scan)
    site.write(f"evidence/{digest[7:]}.jpg", scan)
    site.sign(NEWS, "head", "officer-fx", signatory="head-fx", paper=digest)
    box = form_of(site).boxes[0]
    assert (box.person, box.on_paper) == ("head-fx", True)
    assert (
        box.shown
        == "示例head-fx（head-fx）已于 2026年11月20日 10:40 前在纸上签署，由 示例officer-fx（officer-fx）上传扫描件"
    )


def test_stages_to_come_are_those_of_the_workflow_in_force(tmp_path: Path) -> None:
    site = told(tmp_path)
    more = WORKFLOWS.replace(
        "    - {id: leader, title: 分管领导终审, by: leader@unit}\n",
        "    - {id: law, title: 法规审核, by: reviewer@publicity}\n"
        "    - {id: leader, title: 分管领导终审, by: leader@unit}\n",
    )
    site.sign_policy(workflows=more)
    assert [box.stage for box in form_of(site).boxes] == ["head", "publicity", "law", "leader"]


def test_a_version_that_is_signed_through_has_a_form_for_the_files(tmp_path: Path) -> None:
    site = begin(tmp_path / "site")
    site.publish()
    assert [box.person for box in form_of(site).boxes] == ["head-fx", "reviewer-1", "leader-1"]


# What is long.


def test_long_lists_are_cut_and_say_how_much_more_there_is(tmp_path: Path) -> None:
    site = Story(tmp_path / "site")
    site.sign_policy(
        workflows=WITH_TOPIC.replace("needs: 2}\n    - {id: leader", "needs: 12}\n    - {id: leader"),
        people=site.people(OFFICES | {f"reviewer-{n}": ("reviewer@publicity",) for n in range(1, 15)}),
    )
    site.post(kind="topic", title="长" * 150)
    for number in range(12):
        site.attach(NEWS, f"{number:02}-{'附件' * 30}.pdf", b"x" * 2000)
    site.sign(NEWS, "draft", "officer-fx")
    form = form_of(site)
    lines = field(form, "attachments").lines
    assert len(lines) <= MAX_LINES
    assert lines[0].startswith("00-附件")
    assert lines[0].endswith("附件.pdf（2,000 字节）")
    assert "…" in lines[0]
    assert lines[-1] == f"…… 另有 {12 - len(lines) + 1} 个附件，同样计入内容摘要"
    assert (len(form.boxes), form.boxes_left_out) == (MAX_BOXES, 14 - MAX_BOXES)
    assert field(form, "title").value.count("长") < 150


def test_six_attachments_are_all_listed(tmp_path: Path) -> None:
    site = begin(tmp_path / "site")
    site.post()
    for number in range(6):
        site.attach(NEWS, f"{number}.pdf", b"x")
    site.sign(NEWS, "draft", "officer-fx")
    assert field(form_of(site), "attachments").lines == tuple(f"{number}.pdf（1 字节）" for number in range(6))


# Languages.


@pytest.mark.parametrize(
    ("language", "tag"),
    [("zh-cn", "zh-CN"), ("zh-Hant", "zh-CN"), ("zh", "zh-CN"), ("en", "en"), ("fr", "en"), ("zha", "en")],
)
def test_the_form_speaks_the_sites_language(tmp_path: Path, language: str, tag: str) -> None:
    form = form_of(told(tmp_path, columns=COLUMNS.replace("zh-cn", language)))
    assert form.words.language == tag
    assert field(form, "submitted").value == ("2026年11月20日" if tag == "zh-CN" else "2026-11-20")


def test_both_languages_have_every_title_and_label() -> None:
    assert CHINESE.titles.keys() == ENGLISH.titles.keys()
    assert CHINESE.labels.keys() == ENGLISH.labels.keys()


# Codes.


def test_code_and_qr_code_are_those_of_the_manifest_that_was_signed(tmp_path: Path) -> None:
    site = told(tmp_path)
    form = form_of(site)
    assert form.manifest == site.signed[-1].statement.manifest
    assert form.code == content_code(form.manifest)
    assert form.qr == f"qianfa:test-site:{NEWS}:1:{form.manifest}"


MANIFEST = "sha256:9ed01680610f4cea" + "0" * 48


@pytest.mark.parametrize(
    "typed",
    [
        "9ED0-1680-610F-4CEA",
        " 9ed0 1680 610f 4cea\n",
        "9ed01680610f4cea",
        "９ＥＤ０－１６８０－６１０Ｆ－４ＣＥＡ",
        "9ED0—1680—610F—4CEA",
        MANIFEST,
        qr_text("s", NEWS, 2, MANIFEST),
    ],
)
def test_a_code_is_known_however_it_was_typed(typed: str) -> None:
    assert is_code_of(typed, "s", NEWS, 2, MANIFEST)


@pytest.mark.parametrize(
    "typed",
    [
        "",
        "-",
        "9ED0-1680-610F-4CE",
        "9ED0-1680-610F-4CEB",
        "9ED0-1680-610F-4CEA-0",
        "9ED0",
        MANIFEST[:-1],
        MANIFEST[:-1] + "1",
        qr_text("s", NEWS, 1, MANIFEST),
        qr_text("other", NEWS, 2, MANIFEST),
        qr_text("s", NEWS + "x", 2, MANIFEST),
        qr_text("s", NEWS, 2, MANIFEST)[:-1],
    ],
)
def test_what_is_not_the_whole_code_is_another(typed: str) -> None:
    assert not is_code_of(typed, "s", NEWS, 2, MANIFEST)


# Who is told to wait.


def refused(site: Story) -> Refused:
    with pytest.raises(Refused) as told_so:
        form_of(site)
    return told_so.value


def test_a_draft_has_no_form_for_handing_it_in_changes_its_code(tmp_path: Path) -> None:
    site = begin(tmp_path / "site")
    site.post()
    site.commit()
    error = refused(site)
    assert error.what == "nobody has handed it in yet"
    assert f"qianfa submit {NEWS}" in error.hint


def test_files_that_changed_since_have_no_form(tmp_path: Path) -> None:
    site = told(tmp_path)
    site.post(text="Title: 改了\n\n正文。\n")
    site.commit()
    assert refused(site).what == "the files changed since version 1"


def test_files_that_are_gone_have_no_form(tmp_path: Path) -> None:
    site = told(tmp_path)
    site.remove(NEWS)
    site.commit()
    assert refused(site).what == "the files changed since version 1"


@pytest.mark.parametrize(
    ("decision", "by", "what"),
    [
        ({"stage": "head", "decision": "return", "note": "x"}, "head-fx", "version 1 was returned by head-fx"),
        ({"stage": "withdraw", "decision": "withdraw", "note": "x"}, "reviewer-1", "version 1 was withdrawn"),
    ],
)
def test_a_version_that_has_ended_has_no_form(tmp_path: Path, decision: dict[str, Any], by: str, what: str) -> None:
    site = told(tmp_path)
    site.sign(NEWS, decision.pop("stage"), by, **decision)
    assert refused(site).what == what


def test_what_somebody_forged_has_no_form(tmp_path: Path) -> None:
    site = begin(tmp_path / "site")
    site.post()
    site.sign(NEWS, "draft", "officer-mx")
    assert "without the office" in refused(site).what


def test_a_draft_signed_with_a_strangers_key_was_never_handed_in(tmp_path: Path) -> None:
    site = begin(tmp_path / "site")
    site.post()
    site.sign(NEWS, "draft", "officer-fx", key=site.key("stranger"))
    assert refused(site).what == "nobody has handed it in yet"
