"""Rewrite the body of an imported post: links and pictures lead to their new places, and what pages drop is noted.

Changes no meaning in silence; runs no template and opens no file.
"""

from __future__ import annotations

import html
import re
from collections.abc import Sequence

import nh3

from review.actions.import_links import PICTURES, Attachments, Library, Target
from review.actions.import_notes import Notes
from review.actions.import_templates import replace_templates
from review.formats.clean_text import clean_line
from review.formats.foreign_markup import LineCounter, Segment, segments
from review.messages import t

HTML_NOT_KEPT = frozenset(
    {
        "applet", "audio", "base", "basefont", "big", "body", "button", "canvas", "dialog", "dir", "embed",
        "fieldset", "font", "form", "frame", "frameset", "head", "html", "iframe", "input", "label", "legend", "link",
        "main", "marquee", "math", "menu", "meta", "meter", "noscript", "object", "optgroup", "option", "output",
        "param", "picture", "progress", "script", "search", "section", "select", "slot", "source", "style", "svg",
        "template", "textarea", "tfoot", "title", "track", "video",
    }
)  # fmt: skip
"""Real HTML tags that the sanitiser takes out; other unknown names in angle brackets are components or placeholders."""

_TOKEN = re.compile(
    r"""
      !\[(?P<alt>(?:[^\[\]\\]|\\.|\[[^\[\]]{0,300}\]){0,1000})\]
        \(\s*(?P<source><[^<>\n]*>|[^\s()<>]*(?:\([^\s()<>]*\)[^\s()<>]*)*)(?P<title>\s+(?:"[^"\n]*"|'[^'\n]*'))?\s*\)
    | (?<!\\)\]\(\s*(?P<link><[^<>\n]*>|[^\s()<>]+(?:\([^\s()<>]*\)[^\s()<>]*)*)(?=\s*\)|\s+["'])
    | ^[ ]{0,3}\[[^\[\]\n]{1,200}\]:[ \t]*(?P<definition>\S+)
    | <(?:[A-Za-z][A-Za-z0-9+.-]{1,31}:[^\s<>]*|[\w.+-]+@[\w.-]+)>
    | <(?P<close>/?)(?P<tag>[A-Za-z][\w.-]*)(?P<rest>(?:[^<>"']++|"[^"]{0,4000}"|'[^']{0,4000}'){0,100}+)>
    """,
    re.VERBOSE | re.MULTILINE | re.DOTALL,
)
_ATTRIBUTE = r"\b{name}\s*=\s*(?:\"(?P<double>[^\"]*)\"|'(?P<single>[^']*)'|(?P<bare>[^\s\"'>]+))"
_SOURCE = re.compile(_ATTRIBUTE.format(name="src"), re.IGNORECASE)
_REFERENCE = re.compile(_ATTRIBUTE.format(name="href"), re.IGNORECASE)
_ALT = re.compile(_ATTRIBUTE.format(name="alt"), re.IGNORECASE)
_LABEL = re.compile(_ATTRIBUTE.format(name="label"), re.IGNORECASE)
_ACTIVE_ATTRIBUTE = re.compile(r"\s(style|on[a-z]+)\s*=", re.IGNORECASE)
_SCHEME = re.compile(r"([A-Za-z][A-Za-z0-9+.-]*):(?!\d)")
_EMPTY_LINES = re.compile(r"\n(?:[ \t]*\n){2,}")

TAKEN_OUT = t("left in the file; pages do not keep it")


def rewrite_body(body: str, *, line: int, library: Library, attachments: Attachments, notes: Notes) -> str:
    """Return the body for its new place; `line` is that of its first line in `notes.file`."""
    parts = replace_templates(tuple(segments(body, line)), notes)
    text = _Rewriter(parts, library, attachments, notes).text()
    return text.strip("\n") + "\n" if text.strip() else ""


class _Rewriter:
    """One run over one body; knows which labels and components are open."""

    def __init__(self, parts: Sequence[Segment], library: Library, attachments: Attachments, notes: Notes) -> None:
        self._parts = parts
        self._library = library
        self._attachments = attachments
        self._notes = notes
        self._divisions: list[bool] = []
        prose = "".join(part.text for part in parts if part.nature == "prose")
        self._closed = frozenset(re.findall(r"</([A-Za-z][\w.-]*)\s*>", prose))

    def text(self) -> str:
        done = []
        for part in self._parts:
            if part.nature == "script":
                self._notes.add("html", part.line, part.text, TAKEN_OUT)
            done.append(self._prose(part) if part.nature == "prose" else part.text)
        return "".join(done)

    def _prose(self, part: Segment) -> str:
        lines = LineCounter(part.text, part.line)

        def replaced(found: re.Match[str]) -> str:
            new = self._replacement(found, lines.line_at(found.start()))
            return new + "\n" * (found[0].count("\n") - new.count("\n"))

        return _EMPTY_LINES.sub("\n\n", _TOKEN.sub(replaced, part.text))

    def _replacement(self, found: re.Match[str], line: int) -> str:
        if found["tag"]:
            return self._tag(found, line)
        if found["source"] is not None:
            return self._image(found, line)
        group = "link" if found["link"] else "definition"
        return self._link(found, group, line) if found[group] else found[0]

    def _image(self, found: re.Match[str], line: int) -> str:
        source = found["source"].strip("<>")
        target = self._find(source, line)
        if target.way in ("missing", "page"):
            self._notes.add("picture", line, source, _replaced(target))
            return str(found["alt"])
        return f"![{found['alt']}]({self._place(target) or found['source']}{found['title'] or ''})"

    def _link(self, found: re.Match[str], group: str, line: int) -> str:
        written = found[group].strip("<>")
        target = self._find(written, line)
        if target.way == "missing":
            is_picture = written.lower().partition("?")[0].endswith(tuple(PICTURES))
            self._notes.add("picture" if is_picture else "link", line, written, _left(target))
        if not (place := self._place(target)):
            return found[0]
        start, end = found.start(group) - found.start(), found.end(group) - found.start()
        return f"{found[0][:start]}{place}{found[0][end:]}"

    def _tag(self, found: re.Match[str], line: int) -> str:
        written, name = found[0], found["tag"]
        known = name.lower()
        if known in HTML_NOT_KEPT:
            if not found["close"]:
                self._notes.add("html", line, written, TAKEN_OUT)
            return written
        if known not in nh3.ALLOWED_TAGS:
            return self._unknown_tag(found, line)
        if known == "div" and (tab := self._tab(found, line)) is not None:
            return tab
        for active in _ACTIVE_ATTRIBUTE.finditer(found["rest"]):
            self._notes.add("html", line, t("{attribute} of {tag}", attribute=active[1], tag=written), TAKEN_OUT)
        if known == "img" and (source := _SOURCE.search(written)):
            return self._html_image(written, source, line)
        if known == "a" and (reference := _REFERENCE.search(written)):
            return self._html_link(written, reference, line)
        return written

    def _html_image(self, written: str, source: re.Match[str], line: int) -> str:
        address = _value(source)
        target = self._find(address, line)
        if target.way in ("missing", "page"):
            alt = _ALT.search(written)
            self._notes.add("picture", line, address, _replaced(target))
            return html.escape(clean_line(html.unescape(_value(alt))), quote=False)
        place = self._place(target)
        return f'{written[: source.start()]}src="{place}"{written[source.end() :]}' if place else written

    def _html_link(self, written: str, reference: re.Match[str], line: int) -> str:
        address = _value(reference)
        target = self._find(address, line)
        if target.way == "missing":
            self._notes.add("link", line, address, _left(target))
        place = self._place(target)
        return f'{written[: reference.start()]}href="{place}"{written[reference.end() :]}' if place else written

    def _tab(self, found: re.Match[str], line: int) -> str | None:
        """Turn the labelled divisions of MDX tabs into their label, in bold; the text inside them is Markdown again."""
        if found["close"]:
            return "" if self._divisions and self._divisions.pop() else None
        label = _LABEL.search(found["rest"])
        self._divisions.append(bool(label))
        if label is None:
            return None
        self._notes.add("component", line, found[0], t("replaced by its label in bold"))
        return f"**{_value(label).strip()}**"

    def _unknown_tag(self, found: re.Match[str], line: int) -> str:
        written, name = found[0], found["tag"]
        is_component = name in self._closed or (found["rest"].rstrip().endswith("/") and not name.islower())
        if is_component:
            if not found["close"]:
                self._notes.add("component", line, written, t("tag removed, what stands inside it kept"))
            return ""
        self._notes.add("component", line, written, t("shown as text: it is no HTML tag"))
        inside = re.sub(r"([\\*_`\[\]])", r"\\\1", written[1:-1])
        return f"&lt;{inside}&gt;"

    def _find(self, address: str, line: int) -> Target:
        scheme = _SCHEME.match(address)
        if scheme and scheme[1].lower() not in nh3.ALLOWED_URL_SCHEMES:
            self._notes.add("link", line, address, TAKEN_OUT)
        return self._library.find(self._notes.file, html.unescape(address))

    def _place(self, target: Target) -> str:
        if target.way == "page":
            fragment = f"#{target.fragment}" if target.fragment else ""
            return f"{self._library.stems[target.path]}.html{fragment}"
        return self._attachments.add(target.path) if target.way == "file" else ""


def _replaced(target: Target) -> str:
    return t("replaced by its alt text: {why}", why=target.why or t("it is a page"))


def _left(target: Target) -> str:
    return t("link left as it was: {why}", why=target.why)


def _value(attribute: re.Match[str] | None) -> str:
    if attribute is None:
        return ""
    spellings = (attribute["double"], attribute["single"], attribute["bare"])
    return next((spelling for spelling in spellings if spelling is not None), "")
