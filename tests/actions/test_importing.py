"""Importing: every text becomes a post that our own rules accept, and what has no place is named, file by file."""

from __future__ import annotations

import datetime as dt
from pathlib import Path

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from review.actions.import_folder import Folder, read_folder
from review.actions.import_notes import Note
from review.actions.importing import Imported, ImportedPost, import_posts
from review.errors import Refused
from review.formats.front_matter import FrontMatter, parse_post
from review.model.paths import path_problem


def imported(*files: str, **posts: str | bytes) -> Imported:
    """Import posts (`a__b` is the file `a/b.md`) beside other files, and check what holds for every import."""
    texts = {
        f"{name.replace('__', '/')}.md": text.encode() if isinstance(text, str) else text
        for name, text in posts.items()
    }
    return checked(import_posts(Folder(posts=texts, files={file: Path("/old", file) for file in files}), column="news"))


def checked(outcome: Imported) -> Imported:
    paths = [post.path for post in outcome.posts] + [path for post in outcome.posts for path, _ in post.attachments]
    assert len({path.casefold() for path in paths}) == len(paths)
    assert [path_problem(path) for path in paths] == [""] * len(paths)
    for post in outcome.posts:
        front, problems = parse_post(post.data)
        assert problems == ()
        assert front is not None
        assert (front.title, front.date) == (post.title, post.date)
    return outcome


def one(text: str | bytes, *files: str) -> tuple[ImportedPost, FrontMatter, tuple[Note, ...]]:
    """The post that `a.md` becomes, what it says, and all notes."""
    outcome = imported(*files, a=text)
    (post,) = outcome.posts
    front, _ = parse_post(post.data)
    if front is None:
        pytest.fail("not a post")
    return post, front, outcome.notes


def body(text: str, *files: str) -> str:
    """What becomes of a body."""
    return one(f"---\ntitle: T\n---\n{text}\n", *files)[1].body.removesuffix("\n")


def notes(text: str, *files: str) -> list[tuple[int, str, str]]:
    """What is noted about a body that begins on line 4."""
    return [
        (note.line, note.kind, note.what)
        for note in one(f"---\ntitle: T\n---\n{text}\n", *files)[2]
        if note.file != "."
    ]


# --- front matter -----------------------------------------------------------------------------------------------------


def test_a_post_of_jekyll_keeps_what_it_says() -> None:
    post, front, found = one(
        "---\nlayout: post\ntitle: 'Ten years: a look back'\ndate: 2015-03-17 14:00:00 -4\nauthors:\n- ann\n- bo\n"
        "tags: [open source, data]\nexcerpt: >\n  One\n  two.\nimage: /assets/a b.JPG\n---\nText.\n",
        "assets/a b.JPG",
    )
    assert front.fields == {
        "title": "Ten years: a look back",
        "date": "2015-03-17",
        "author": "ann、bo",
        "summary": "One two.",
        "tags": "open source, data",
        "image": "a/a-b.jpg",
    }
    assert front.body == "Text.\n"
    assert (post.path, post.source, post.date) == ("content/news/a.md", "a.md", dt.date(2015, 3, 17))
    assert post.attachments == (("content/news/a/a-b.jpg", Path("/old/assets/a b.JPG")),)
    assert [(note.line, note.kind, note.what) for note in found] == [(2, "key", "layout: post")]


def test_a_post_of_hugo_keeps_what_it_says() -> None:
    _, front, found = one(
        '+++\ntitle = "春"\ndate = 2020-01-02T03:04:05+08:00\ndescription = "说明"\ncategories = ["科普"]\n'
        "weight = 3\n"
        '[params]\nauthor = "张三"\n[cover]\nimage = "/img/c.png"\nalt = "封面"\n+++\n正文\n',
        "static/img/c.png",
    )
    assert front.fields == {
        "title": "春",
        "date": "2020-01-02",
        "author": "张三",
        "summary": "说明",
        "keywords": "科普",
        "image": "a/c.png",
    }
    assert [(note.line, note.what) for note in found] == [(6, "weight: 3"), (9, "cover: {'alt': '封面'}")]


def test_a_post_of_hexo_keeps_what_it_says() -> None:
    _, front, _ = one("title: 春\ndate: 2020/1/2 03:04\ntags:\n- 科普\n- 讲座\n---\n正文\n")
    assert front.fields == {"title": "春", "date": "2020-01-02", "tags": "科普, 讲座"}


def test_a_post_of_pelican_keeps_what_it_says() -> None:
    _, front, found = one(
        "Title: 春\nDate: 2020-01-02 10:20\nCategory: 科普\nAuthors: 张三; 李四\nSlug: spring\n\n正文\n"
    )
    assert front.fields == {"title": "春", "date": "2020-01-02", "keywords": "科普", "author": "张三、李四"}
    assert [(note.line, note.what) for note in found] == [(5, "slug: spring")]


def test_json_front_matter_keeps_what_it_says() -> None:
    _, front, _ = one('{"title": "春", "keywords": ["a", "b"], "source": "市科协"}\n正文\n')
    assert front.fields == {"title": "春", "keywords": "a, b", "source": "市科协"}


def test_a_text_without_front_matter_takes_its_title_from_its_first_heading() -> None:
    _, front, found = one("<!-- x -->\n\n# **春季** 讲座 #\n\n正文\n\n# 二\n")
    assert (front.title, front.body) == ("春季 讲座", "<!-- x -->\n\n正文\n\n# 二\n")
    assert [(note.line, note.kind, note.action) for note in found] == [(3, "title", "became the title")]


def test_a_text_without_any_title_takes_its_file_s_name() -> None:
    (post,) = imported(**{"2020-01-02-spring_talks": "正文\n"}).posts
    assert (post.title, post.date, post.path) == (
        "spring talks",
        dt.date(2020, 1, 2),
        "content/news/2020-01-02-spring-talks.md",
    )


def test_a_heading_that_repeats_the_title_at_the_top_goes_with_a_note() -> None:
    assert body("\n# `T`\n\n正文") == "正文"
    assert notes("\n# T\n\n正文") == [(5, "title", "T")]


@pytest.mark.parametrize("text", ["# Other\n\n正文", "正文\n\n# T\n\n更多"])
def test_any_other_heading_stays(text: str) -> None:
    assert body(text) == text
    assert notes(text) == []


@pytest.mark.parametrize(
    ("line", "kind"),
    [
        ("layout: post", "key"),
        ("permalink: /a/", "key"),
        ("toc: true", "key"),
        ("whatever: {a: [b, c]}", "key"),
        ("draft: true", "state"),
        ("published: false", "state"),
        ("status: hidden", "state"),
        ("date: soon", "date"),
        ("image: /none.jpg", "picture"),
        ("source_url: none", "key"),
        ("source_url: 'javascript:x'", "key"),
        ("tags: ['a, b']", "key"),
    ],
)
def test_a_key_without_a_place_is_noted_with_its_line(line: str, kind: str) -> None:
    _, front, found = one(f"---\ntitle: T\n{line}\n---\nx\n")
    assert [(note.file, note.line, note.kind) for note in found] == [("a.md", 3, kind)]
    assert found[0].what.startswith(line.partition(":")[0])
    assert found[0].action
    assert set(front.fields) <= {"title", "tags"}


@pytest.mark.parametrize("line", ["draft: false", "published: true", "image:", "tags: []", "date: ~", "summary: ''"])
def test_a_key_that_says_nothing_is_not_worth_a_note(line: str) -> None:
    _, front, found = one(f"---\ntitle: T\n{line}\n---\nx\n")
    assert (front.fields, found) == ({"title": "T"}, ())


def test_a_draft_is_imported_all_the_same() -> None:
    _, front, found = one("---\ntitle: T\ndraft: true\n---\nx\n")
    assert front.title == "T"
    assert found[0].action.startswith("imported all the same")


def test_a_second_value_for_one_key_is_noted_unless_it_is_the_same() -> None:
    _, front, found = one("---\ntitle: T\nsummary: a\nexcerpt: b\ndescription: a\n---\nx\n")
    assert front.fields["summary"] == "a"
    assert [(note.line, note.what) for note in found] == [(4, "excerpt: b")]


def test_markup_in_title_and_summary_becomes_text() -> None:
    _, front, found = one("---\ntitle: A &amp; <em>B</em>\nsummary: a < b &#8212; c\n---\nx\n")
    assert (front.title, front.fields["summary"]) == ("A & B", "a < b — c")
    assert [note.line for note in found] == [2]


def test_a_title_that_is_too_long_is_cut_with_a_note() -> None:
    _, front, found = one(f"---\ntitle: {'长' * 201}\n---\nx\n")
    assert front.title == "长" * 199 + "…"
    assert [(note.line, note.kind) for note in found] == [(2, "title")]


def test_a_source_that_has_an_address_keeps_it() -> None:
    _, front, _ = one("---\ntitle: T\nsource: 科技日报\ncanonical_url: https://example.org/a?b=c\n---\nx\n")
    assert (front.fields["source"], front.fields["source_url"]) == ("科技日报", "https://example.org/a?b=c")


def test_broken_front_matter_is_imported_with_what_could_be_read() -> None:
    _, front, found = one("---\ntitle: a: b\n???\ntags: [x, y]\n---\nx\n")
    assert front.title == "a: b"
    assert {(note.line, note.kind) for note in found} == {(2, "front-matter"), (3, "front-matter")}


def test_other_encodings_are_imported_with_a_note() -> None:
    _, front, found = one("title: 春季科普讲座\n---\n正文内容在此\n".encode("gb18030"))
    assert (front.title, front.body) == ("春季科普讲座", "正文内容在此\n")
    assert [(note.kind, note.what) for note in found] == [("encoding", "it was read as GB 18030")]


def test_what_cannot_be_imported_is_skipped_with_the_reason() -> None:
    outcome = imported(a=b"\x00\x01", b=" \n\n", c="# C\n")
    assert outcome.skipped == (("a.md", "not a text"), ("b.md", "empty"))
    assert [post.title for post in outcome.posts] == ["C"]


def test_a_post_without_a_text_is_imported_with_a_note() -> None:
    _, front, found = one("---\ntitle: T\n---\n\n")
    assert front.body == ""
    assert [note.kind for note in found] == ["text"]


# --- names ------------------------------------------------------------------------------------------------------------


@pytest.mark.parametrize(
    ("file", "stem"),
    [
        ("2015-03-17-Hello_World.md", "2015-03-17-hello-world"),
        ("广东科普.markdown", "guang-dong-ke-pu"),
        ("posts/spring/index.md", "spring"),
        ("_index.md", "the-title"),
        ("index.md", "the-title"),
        ("page.md", "the-title"),
        ("README.md", "readme"),
        ("！.md", "the-title"),
        (f"{'x-' * 60}.md", "-".join("x" * 40)),
    ],
)
def test_a_stem_comes_from_the_file_s_name(file: str, stem: str) -> None:
    outcome = checked(import_posts(Folder(posts={file: b"# The title\n"}, files={}), column="news"))
    assert outcome.posts[0].path == f"content/news/{stem}.md"


def test_two_files_never_get_one_stem() -> None:
    outcome = imported(A="# 1\n", a="# 2\n", b__a="# 3\n", **{"a-2": "# 4\n"})
    assert [post.path.rpartition("/")[2] for post in outcome.posts] == ["a.md", "a-2.md", "a-3.md", "a-4.md"]


def test_a_stem_that_the_column_has_is_not_given_again() -> None:
    folder = Folder(posts={"a.md": b"# A\n"}, files={})
    assert import_posts(folder, column="news", taken={"A"}).posts[0].path == "content/news/a-2.md"


def test_a_sub_column_is_a_column() -> None:
    folder = Folder(posts={"a.md": b"# A\n"}, files={})
    assert import_posts(folder, column="popular-science/talks").posts[0].path == "content/popular-science/talks/a.md"


@pytest.mark.parametrize("column", ["", "..", "a/../b", "/a", "a\n"])
def test_a_column_that_would_lead_elsewhere_is_refused(column: str) -> None:
    with pytest.raises(Refused):
        import_posts(Folder(posts={}, files={}), column=column)


# --- pictures and links -----------------------------------------------------------------------------------------------


@pytest.mark.parametrize(
    ("written", "file"),
    [
        ("b.png", "b.png"),
        ("./img/b.png", "img/b.png"),
        ("/img/b.png", "img/b.png"),
        ("b.png", "a/b.png"),
        ("/img/b.png", "static/img/b.png"),
        ("/b.png", "assets/b.png"),
        ("img/b.png", "source/img/b.png"),
        ("{static}/img/b.png", "img/b.png"),
        ("B.PNG", "b.png"),
        ("img%2Fb.png", "img/b.png"),
        ("b.png?x=1", "b.png"),
        ("img\\b.png", "img/b.png"),
        ("<b.png>", "b.png"),
    ],
)
def test_a_picture_that_is_there_comes_along(written: str, file: str) -> None:
    post, front, found = one(f"---\ntitle: T\n---\n![图]({written} '说明')\n", file)
    assert front.body == "![图](a/b.png '说明')\n"
    assert post.attachments == (("content/news/a/b.png", Path("/old", file)),)
    assert found == ()


def test_a_path_is_looked_for_beside_the_file_first() -> None:
    outcome = imported("b.png", "x/b.png", x__a="![](b.png)\n", y__a="![](b.png)\n")
    assert [post.attachments[0][1] for post in outcome.posts] == [Path("/old/x/b.png"), Path("/old/b.png")]


def test_a_path_out_of_the_folder_leads_nowhere() -> None:
    assert body("![图](../../etc/b.png)", "etc/b.png") == "图"


def test_a_picture_that_is_not_there_becomes_its_alt_text_with_a_note() -> None:
    text = "一\n\n![图\n片](/b.png) 二\n<img src='c.png' alt='R&amp;D &#x27;15'/>"
    assert body(text) == "一\n\n图\n片 二\nR&amp;D '15"
    assert notes(text) == [(6, "picture", "/b.png"), (8, "picture", "c.png")]


def test_pictures_of_one_name_get_names_of_their_own() -> None:
    post, front, _ = one("# T\n\n![](x/b.png) ![](y/B.png) ![](x/b.png)\n", "x/b.png", "y/B.png")
    assert front.body == "![](a/b.png) ![](a/B-2.png) ![](a/b.png)\n"
    assert [path for path, _ in post.attachments] == ["content/news/a/b.png", "content/news/a/B-2.png"]


@pytest.mark.parametrize(
    ("file", "name"),
    [
        ("海报 1.jpg", "海报-1.jpg"),
        ("a(b)#c.png", "a-b-c.png"),
        (".hidden.gif", "hidden.gif"),
        ("!.png", "file.png"),
        (f"{'长' * 80}.png", f"{'长' * 60}.png"),
    ],
)
def test_the_name_of_an_attachment_needs_no_quoting(file: str, name: str) -> None:
    post, front, _ = one(f"# T\n\n![](<{file.replace('#', '%23')}>)\n", file)
    assert front.body == f"![](a/{name})\n"
    assert post.attachments[0][0] == f"content/news/a/{name}"


def test_a_document_that_is_linked_comes_along_too() -> None:
    assert body("[表](files/b.docx) <a class='x' href=\"files/b.docx\">表</a>", "files/b.docx") == (
        "[表](a/b.docx) <a class='x' href=\"a/b.docx\">表</a>"
    )


@pytest.mark.parametrize("file", ["b.html", "b.js", "b.exe", "b", "b.review.yaml"])
def test_a_file_that_is_more_than_a_document_stays_behind_with_a_note(file: str) -> None:
    assert body(f"[x]({file})", file) == f"[x]({file})"
    (note,) = [note for note in one(f"# T\n\n[x]({file})\n", file)[2] if note.kind == "link"]
    assert (note.line, note.what) == (3, file)
    assert "kind" in note.action


@pytest.mark.parametrize(
    ("written", "becomes"),
    [
        ("b.md", "b-2.html"),
        ("./b.md#第二节", "b-2.html#第二节"),
        ("/c/b.md", "b-2.html"),
        ("b.html", "b-2.html"),
        ("{filename}b.md", "b-2.html"),
        ("/2014/12/23/hub/", "2014-12-20-hub.html"),
        ("/old/hub.html", "2014-12-20-hub.html"),
        ("../c/b.md", "b-2.html"),
        ("/c/b/", "b-2.html"),
        ("/2014/12/20/hub", "2014-12-20-hub.html"),
    ],
)
def test_a_link_between_imported_texts_leads_to_the_new_page(written: str, becomes: str) -> None:
    outcome = imported(
        b="# 一\n",
        c__b="# 二\n",
        c__a=f"# 三\n\n[x]({written}) <a href='{written}'>y</a>\n\n[z]: {written} 't'\n",
        **{"2014-12-20-hub": "---\ntitle: H\ndate: 2014-12-23\npermalink: /old/hub\n---\nx\n"},
    )
    (post,) = [post for post in outcome.posts if post.title == "三"]
    front, _ = parse_post(post.data)
    assert front is not None
    assert front.body == f"[x]({becomes}) <a href=\"{becomes}\">y</a>\n\n[z]: {becomes} 't'\n"
    assert [note for note in outcome.notes if note.kind == "link"] == []


def test_a_link_to_what_is_not_there_stays_with_a_note() -> None:
    text = "[x](/none.md#a)\n\n[y]: none/\n<a href='/'>z</a>"
    assert body(text) == text
    assert notes(text) == [(4, "link", "/none.md#a"), (6, "link", "none/"), (7, "link", "/")]


@pytest.mark.parametrize(
    "text",
    [
        "[x](https://example.org/a.md)",
        "[x](#a)",
        "[x](mailto:a@example.org)",
        "[x](//example.org/b.png)",
        "![x](https://example.org/b.png)",
        "<https://example.org/b.md>",
        "<a@example.org>",
        "a](b",
        "\\](none.md)",
    ],
)
def test_links_to_elsewhere_are_left_alone(text: str) -> None:
    assert (body(text), notes(text)) == (text, [])


@pytest.mark.parametrize("address", ["javascript:alert(1)", "data:image/png;base64,AAAA"])
def test_an_address_that_pages_do_not_keep_is_noted(address: str) -> None:
    assert notes(f"[x]({address})") == [(4, "link", address)]


def test_code_is_never_touched() -> None:
    text = "`{{ a }}` `![x](b.png)` `<Tab>`\n\n```\n![x](b.png)\n{% raw %}<script>\n# T\n```\n\n    [x](c.md)\n"
    assert body(f"x {text}") == f"x {text}".rstrip("\n")
    assert notes(f"x {text}") == []


def test_what_no_text_leads_to_is_counted() -> None:
    outcome = imported("b.png", "c.png", "theme.css", a="# T\n\n![](b.png)\n")
    assert [(note.file, note.what) for note in outcome.notes if note.kind == "folder"] == [
        (".", "2 pictures or other files that no text leads to")
    ]


# --- template tags ----------------------------------------------------------------------------------------------------


@pytest.mark.parametrize(
    "tag",
    [
        '{% image "assets/b.png" "一 [图]" %}',
        "{%- image 'assets/b.png' '一 [图]' -%}",
        '{% image_with_class "assets/b.png" "wide" "一 [图]" %}',
        '{% asset_img assets/b.png 300 "一 [图]" %}',
        '{{< figure src="/assets/b.png" alt="一 [图]" >}}',
        '{% image "assets/b.png"\n"一 [图]" %}',
    ],
)
def test_a_picture_tag_becomes_a_picture(tag: str) -> None:
    assert body(f"一\n\n{tag} 二", "assets/b.png").split() == ["一", "![一", r"\[图\]](a/b.png)", "二"]
    assert notes(tag, "assets/b.png") == []


def test_a_picture_tag_without_its_picture_becomes_its_alt_text() -> None:
    assert body('[{% image "b.png" "一图" %}](https://example.org)') == "[一图](https://example.org)"
    assert notes('x\n{% image "b.png" "一图" %}') == [(5, "picture", "b.png")]


def test_a_picture_tag_inside_html_becomes_html() -> None:
    text = '<div>{% image "b.png" "a \'b\' < c" %}</div>\n\n{% image "b.png" "d" %}'
    assert body(text, "b.png") == '<div><img src="a/b.png" alt="a &#x27;b&#x27; &lt; c"></div>\n\n![d](a/b.png)'
    assert body('<div>{% image "none.png" "a \'b\' < c" %}</div>') == "<div>a 'b' &lt; c</div>"


@pytest.mark.parametrize(
    ("tag", "address"),
    [
        ('{{ "/x/" | url }}', "/x/"),
        ("{{ '/x/' | relative_url }}", "/x/"),
        ('{{ "/x/" | prepend: site.baseurl }}', "/x/"),
        ("{{ site.baseurl }}/x/", "/x/"),
        ("{{site.url}}/x/", "/x/"),
        ('{{< ref "x.md" >}}', "x.md"),
        ("{% link x.md %}", "x.md"),
    ],
)
def test_a_tag_that_makes_an_address_becomes_the_address(tag: str, address: str) -> None:
    assert body(f"[a]({tag})") == f"[a]({address})"
    assert notes(f"[a]({tag})") == [(4, "link", address)]


def test_an_address_tag_leads_to_pages_and_pictures_too() -> None:
    assert body('<img src="{{ site.baseurl }}/b.png"> [x]({{ "/a.md" | url }})', "b.png") == (
        '<img src="a/b.png"> [x](a.html)'
    )


@pytest.mark.parametrize("tag", ['{{< copyable "sql" >}}', "{% raw %}", "{% endraw %}", "{: .wide}"])
def test_a_tag_that_only_told_the_old_program_something_goes_with_a_note(tag: str) -> None:
    assert body(f"一\n\n{tag}\n\n二") == "一\n\n二"
    assert notes(f"一\n\n{tag}\n\n二") == [(6, "template", tag)]


@pytest.mark.parametrize(
    ("tag", "shown"),
    [
        ("{% for a_b in c_d %}", r"{% for a\_b in c\_d %}"),
        ('{{ "ann" | team_link }}', r'{{ "ann" | team\_link }}'),
        ("{{< tab *x* >}}", r"{{&lt; tab \*x\* &gt;}}"),
        ("{{{ .starter }}}", "{{{ .starter }}}"),
        ("{{% note %}}", "{{% note %}}"),
        ("{% include [a].html %}", r"{% include \[a\].html %}"),
    ],
)
def test_any_other_tag_is_shown_as_it_is_written_with_a_note(tag: str, shown: str) -> None:
    assert body(f"一 {tag} 二") == f"一 {shown} 二"
    assert notes(f"一 {tag} 二") == [(4, "template", tag)]


def test_a_tag_inside_an_address_or_html_is_left_as_it_is_with_a_note() -> None:
    text = '[a]({{ page.a_b }}) <img src="{{ page.a_b }}" alt="x">'
    assert body(text) == text
    assert notes(text) == [(4, "template", "{{ page.a_b }}")] * 2


# --- HTML -------------------------------------------------------------------------------------------------------------


@pytest.mark.parametrize(
    "text",
    [
        "<script src='https://example.org/x.js'></script>",
        "<style>p {color: red}</style>",
        "<iframe src='//example.org'>",
        "<video controls>",
        "<form action='/x'>",
        "<svg><path d='M0'/></svg>",
        '<object data="x.swf">',
    ],
)
def test_html_that_pages_do_not_keep_is_noted_and_left_in_the_file(text: str) -> None:
    assert body(f"一 {text} 二") == f"一 {text} 二"
    assert notes(f"一\n{text}") == [(5, "html", text)]


@pytest.mark.parametrize("attribute", ["style", "onclick"])
def test_an_attribute_that_pages_do_not_keep_is_noted(attribute: str) -> None:
    tag = f'<p {attribute}="x">'
    assert notes(f"{tag}一</p>") == [(4, "html", f"{attribute} of {tag}")]


def test_ordinary_html_is_left_alone() -> None:
    text = "<table><tr><td colspan='2'>一<br/>二</td></tr></table> H<sub>2</sub>O, 1 < 2 > 0"
    assert (body(text), notes(text)) == (text, [])


def test_components_go_and_what_they_hold_stays() -> None:
    text = '<CustomContent platform="x">\n\n一 **二**\n\n</CustomContent>\n<TabsPanel letters="AB" />'
    assert body(text) == "一 **二**"
    assert [note[:2] for note in notes(text)] == [(4, "component"), (9, "component")]


def test_labelled_tabs_become_their_labels() -> None:
    text = '<Tabs>\n<div label="一">\n\nx\n\n</div>\n<div label="二">\n\n<div>y</div>\n\n</div>\n</Tabs>'
    assert body(text) == "**一**\n\nx\n\n**二**\n\n<div>y</div>"
    assert [note[0] for note in notes(text)] == [4, 5, 10]


def test_a_placeholder_in_angle_brackets_is_shown_as_text() -> None:
    assert body("ssh <user_name>@<host> <The port>") == r"ssh &lt;user\_name&gt;@&lt;host&gt; &lt;The port&gt;"
    assert [note[1] for note in notes("<host>")] == ["component"]


# --- as a whole -------------------------------------------------------------------------------------------------------


def test_a_folder_on_disk_is_imported_from_end_to_end(tmp_path: Path) -> None:
    (tmp_path / "_posts").mkdir()
    (tmp_path / "assets").mkdir()
    (tmp_path / "assets" / "图.png").write_bytes(b"png")
    (tmp_path / "_posts" / "2020-01-02-a.md").write_text(
        "---\ntitle: 甲\n---\n![图](/assets/图.png)\n", encoding="utf-8"
    )
    (tmp_path / "_posts" / "b.md").write_text("# 乙\n\n[甲](/2020/01/02/a/)\n", encoding="utf-8")
    outcome = checked(import_posts(read_folder(tmp_path), column="news"))
    assert [(post.path, post.data.decode()) for post in outcome.posts] == [
        ("content/news/2020-01-02-a.md", "Title: 甲\nDate: 2020-01-02\n\n![图](2020-01-02-a/图.png)\n"),
        ("content/news/b.md", "Title: 乙\n\n[甲](2020-01-02-a.html)\n"),
    ]
    ((path, source),) = outcome.posts[0].attachments
    assert (path, source.read_bytes()) == ("content/news/2020-01-02-a/图.png", b"png")


def test_importing_twice_gives_the_same() -> None:
    texts = {"b": "# B\n\n![](x.png) [c](c.md)\n", "c": "title: [\n---\n{{ x }}\n"}
    assert imported("x.png", **texts) == imported("x.png", **dict(reversed(texts.items())))


FRAGMENTS = st.sampled_from(
    [
        "---\n",
        "+++\n",
        "title: a\n",
        "Title: ",
        "tags: [x, y]\n",
        "- x\n",
        "date: 2020-01-02\n",
        "{",
        "}",
        '"',
        "# 标题\n",
        "\n",
        "{% image 'b.png' 'c' %}",
        "{{ x }}",
        "{{",
        "![a](b.png)",
        "[a](a.md)",
        "](",
        "<div>",
        "</div>",
        "<Tab>",
        "</Tab>",
        "<x",
        "<img src=b.png alt='&#13;&#8203;'>",
        "`",
        "```\n",
        "<!--",
        "-->",
        "<script>",
        "    ",
        "\t",
        "\r\n",
        "\u200b",
        "\ufeff",
        "e\u0301",
        "\u0301",
        "\x0b",
        "正文",
        "&#10;",
        "='a'",
        "\\",
    ]
)


@settings(max_examples=200, deadline=None)
@given(st.lists(FRAGMENTS, max_size=25).map("".join) | st.text(max_size=100) | st.binary(max_size=100))
def test_whatever_is_imported_is_a_post_or_skipped(text: str | bytes) -> None:
    outcome = imported("b.png", a=text)
    assert len(outcome.posts) + len(outcome.skipped) == 1
