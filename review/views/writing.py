"""What reviewers are likely to object to in how a post is written: title, tags, headings, pictures, links. No verdict."""

from __future__ import annotations

import re
from collections.abc import Iterator
from dataclasses import replace

from review.formats.front_matter import MAX_TITLE
from review.formats.post_text import dropped_tags, has_text, headings, links, pictures, target_of
from review.formats.text_tags import EMBEDDING, TAKEN_WHOLE
from review.messages import t
from review.model.paths import POST_SUFFIX
from review.views.objections import Draft, Objection

LONG_TITLE = 40
"""Characters of a title that two lines of a list can show."""

_SEPARATOR = re.compile("[,，、;；]")
_TEMPLATE = re.compile(
    r"^\s*正文\s*[.。…]{1,6}\s*$|^\s*请?(?:在此|此处|在这里)(?:填写|输入|撰写|粘贴)|lorem ipsum|\b(?:TODO|FIXME|TBD)\b"
    r"|(?<![A-Za-z])[×xX]{3,}(?![A-Za-z])|[（(【](?:待补充|待填写|待定稿)",
    re.IGNORECASE,
)
_BARE_ADDRESS = re.compile(r"(?<![\w/.(<\"'=])http://[^\s<>\"')）】，。；、]{1,2000}", re.IGNORECASE)


def about_writing(draft: Draft) -> Iterator[Objection]:
    """Yield all that this page knows to say, line by line within each question."""
    for question in (_title, _summary, _tags, _text, _headings, _pictures, _links, _dropped):
        yield from question(draft)


def named_files(draft: Draft) -> frozenset[str]:
    """Return the paths under `content/` that a post names: in links, as pictures, as its `Image`."""
    addresses = [link.address for link in links(list(draft.lines)) if not link.outside]
    addresses += [draft.fields[key][1] for key in ("image",) if key in draft.fields]
    return frozenset(target_of(address, draft.item) for address in addresses if address[:1] not in ("", "#", "?"))


def _title(draft: Draft) -> Iterator[Objection]:
    line, title = draft.fields.get("title", (0, ""))
    if LONG_TITLE < len(title) <= MAX_TITLE:
        what = t("the title has {count} characters; lists show about {fits}", count=len(title), fits=LONG_TITLE)
        yield draft.warn("title-long", what, t("make it shorter; details belong into the Summary"), line=line)


def _summary(draft: Draft) -> Iterator[Objection]:
    if not draft.fields.get("summary", (0, ""))[1]:
        hint = t("add a line such as Summary: 周六上午九点，市科技馆一楼报告厅。")
        yield draft.warn(
            "summary-missing", t("there is no Summary, which lists and feeds show"), hint, line=draft.line_of("summary")
        )


def _tags(draft: Draft) -> Iterator[Objection]:
    for key in ("tags", "keywords"):
        line, value = draft.fields.get(key, (0, ""))
        seen: set[str] = set()
        for tag in (part.strip() for part in _SEPARATOR.split(value)):
            if tag and tag.casefold() in seen:
                yield draft.warn(
                    "tag-twice", t("{tag} stands there twice", tag=tag), t("take one of them out"), line=line
                )
            seen.add(tag.casefold())


def _text(draft: Draft) -> Iterator[Objection]:
    if not has_text(draft.text):
        hint = t("write the text below the empty line that ends the meta lines")
        missing = draft.warn("text-missing", t("the post has no text"), hint, line=draft.line_of("title"))
        alone = not draft.attachments and not draft.fields.get("image", (0, ""))[1]
        yield replace(missing, severity="refuse") if alone else missing
    for line in draft.lines:
        if found := _TEMPLATE.search(line.words):
            what = t("this looks like text of a template: {text}", text=found[0].strip())
            yield draft.warn("template-text", what, t("write what is meant, or take it out"), line=line.number)


def _headings(draft: Draft) -> Iterator[Objection]:
    before = 1
    for heading in headings(list(draft.lines)):
        if heading.level == 1:
            what = t("a heading of the first level; the title of the page is one already")
            yield draft.warn("heading-jump", what, t("write it with ##"), line=heading.line)
        elif heading.level > before + 1:
            what = t("the heading jumps from level {before} to level {level}", before=before, level=heading.level)
            hint = t("write it with {marks}", marks="#" * (before + 1))
            yield draft.warn("heading-jump", what, hint, line=heading.line)
        before = heading.level


def _pictures(draft: Draft) -> Iterator[Objection]:
    for picture in pictures(list(draft.lines)):
        words = (picture.words or "").strip()
        if not words or re.fullmatch(
            r"[\w-]{1,80}\.(?:jpe?g|png|gif|webp|svg|avif)|image|img|图片|picture", words, re.IGNORECASE
        ):
            what = t("a picture without words for those who cannot see it")
            hint = t("say between the brackets what it shows: ![观众在报告厅听讲](…)")
            yield draft.warn("picture-without-words", what, hint, line=picture.line)


def _links(draft: Draft) -> Iterator[Objection]:
    for link in links(list(draft.lines)):
        if link.outside:
            if link.address[:7].lower() == "http://":
                yield _insecure(draft, link.address, link.line)
            if link.shown:
                what = t("a picture or film of another site becomes a link: {address}", address=link.address)
                hint = t("if it may be used here, put the file into the post's folder")
                yield draft.warn("picture-elsewhere", what, hint, line=link.line)
        elif link.address[:1] not in ("#", "?"):
            yield from _dead(draft, link.address, link.line)
    for line in draft.lines:
        for found in _BARE_ADDRESS.finditer(line.words):
            yield _insecure(draft, found[0], line.number)
    line_number, image = draft.fields.get("image", (0, ""))
    if image and "://" not in image:
        yield from _dead(draft, image, line_number)


def _dropped(draft: Draft) -> Iterator[Objection]:
    for line, name in dropped_tags(list(draft.lines)):
        what = t("pages have no {tag}: it is taken out when the page is made", tag=f"<{name}>")
        yield draft.warn("tag-dropped", what, _instead_of(name), line=line)


def _instead_of(tag: str) -> str:
    """Say what to write where a tag is taken out."""
    if tag in EMBEDDING:
        return t(
            "put the film into the post's folder and name it in a line Video:, where the column has that; or link to the "
            "page: [words](https://…)"
        )
    if tag in TAKEN_WHOLE:
        return t("take it out, with all that stands inside it")
    return t("write it in Markdown, or between backticks if readers are to see it as it is: {code}", code=f"`<{tag}>`")


def _insecure(draft: Draft, address: str, line: int) -> Objection:
    what = t("the address is not encrypted: {address}", address=address)
    return draft.warn("link-insecure", what, t("write https:// if that site has it"), line=line)


def _dead(draft: Draft, address: str, line: int) -> Iterator[Objection]:
    target = target_of(address, draft.item)
    if target in draft.there:
        return
    what = t("it leads to {address}, and there is no such file", address=address)
    if target.endswith(POST_SUFFIX):
        what = t("it leads to the post {target}, which is not there", target=target)
        hint = t("name it as seen from this post, such as ../notices/2026-11-20-a.md")
    else:
        stem = draft.item.rpartition("/")[2].removesuffix(POST_SUFFIX)
        hint = t("put the file into the folder {stem}/ beside the post, and write {stem}/NAME", stem=stem)
    yield draft.warn("link-dead", what, hint, line=line)
