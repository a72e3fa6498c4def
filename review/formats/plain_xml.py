"""Tell whether an XML document, such as a drawing, is nothing but what it shows: by what is known to do nothing else. Pure.

The parser is Expat, told to stop at a document type, so that no entity is ever expanded and nothing is ever fetched.
"""

from __future__ import annotations

import re
from collections.abc import Mapping
from xml.parsers import expat  # ends at the first document type; see _Reading.document_type

from review.errors import FormatError
from review.messages import t

MAX_SIZE = 8 << 20
"""Bytes of a document that is looked at; a larger one counts as not harmless."""

SVG = "http://www.w3.org/2000/svg"
_XLINK = "http://www.w3.org/1999/xlink"
_XML = "http://www.w3.org/XML/1998/namespace"

_SHAPES = (
    "svg g defs symbol use switch path rect circle ellipse line polyline polygon image view title desc metadata style"
)
_TEXT = "text tspan textPath"
_PAINT = "linearGradient radialGradient stop pattern clipPath mask marker filter"
_FILTERS = (
    "feBlend feColorMatrix feComponentTransfer feComposite feConvolveMatrix feDiffuseLighting feDisplacementMap "
    "feDistantLight feDropShadow feFlood feFuncA feFuncB feFuncG feFuncR feGaussianBlur feImage feMerge feMergeNode "
    "feMorphology feOffset fePointLight feSpecularLighting feSpotLight feTile feTurbulence"
)
_ELEMENTS = frozenset(f"{_SHAPES} {_TEXT} {_PAINT} {_FILTERS}".split())
"""Elements of drawings that only draw. Links and animations are not among them: one can change where the other leads."""

_INERT = frozenset(
    (
        "http://creativecommons.org/ns#",
        "http://purl.org/dc/elements/1.1/",
        "http://purl.org/dc/terms/",
        "http://sodipodi.sourceforge.net/DTD/sodipodi-0.dtd",
        "http://vectornator.io",
        "http://web.resource.org/cc/",
        "http://www.bohemiancoding.com/sketch/ns",
        "http://www.inkscape.org/namespaces/inkscape",
        "http://www.serif.com/",
        "http://www.w3.org/1999/02/22-rdf-syntax-ns#",
    )
)
"""Namespaces of what programs that draw keep for themselves, and that browsers know nothing of."""

_INERT_OF_W3C = frozenset(
    (
        "http://www.w3.org/1999/02/22-rdf-syntax-ns#",
        "http://www.w3.org/2000/01/rdf-schema#",
        "http://www.w3.org/2001/XMLSchema",
        "http://www.w3.org/2001/XMLSchema-instance",
        "http://www.w3.org/2005/Atom",
    )
)
"""Namespaces of data that browsers show as they show any other; all else of these hosts may be a page or a program."""

_LIVE = re.compile(r"https?://(?:[\w-]+\.)*(?:w3|mozilla)\.org\b", re.IGNORECASE)
_OF_XML = frozenset(("lang", "space", "id"))
_OF_XLINK = frozenset(("href", "type", "role", "arcrole", "title", "show", "actuate"))
_PLAIN_WORDS = re.compile(r"id|class|(?:data|aria)-.*")
_OWN_PART = re.compile(r"#\S*")
_PICTURE_INSIDE = re.compile(r"data:image/(?:png|jpeg|gif|webp);base64,[A-Za-z0-9+/=\s]*")
_FETCHING = re.compile(r"[\w-]+\(", re.ASCII)
_FUNCTIONS = frozenset(
    (
        "url(", "rgb(", "rgba(", "hsl(", "hsla(", "calc(", "var(", "not(", "nth-child(", "matrix(", "translate(",
        "translatex(", "translatey(", "scale(", "scalex(", "scaley(", "rotate(", "skewx(", "skewy(", "inset(", "circle(",
        "ellipse(", "polygon(", "path(", "blur(", "drop-shadow(", "brightness(", "saturate(",
    )
)  # fmt: skip
_URL = re.compile(r"url\(\s*(['\"]?)(.*?)\1\s*\)", re.IGNORECASE | re.DOTALL)


class NotPlain(FormatError):
    """A document holds something that is not just there to be seen, or cannot be told to hold nothing."""


def require_plain(data: bytes, *, drawing: bool = False) -> None:
    """Raise `NotPlain`, in words that go on after "it holds", unless browsers can show this document and do nothing else.

    With `drawing` it has to be an SVG; without, one that is an SVG is held to the same rules.
    """
    if len(data) > MAX_SIZE:
        raise NotPlain(t("more than {size} MB, which is more than is looked through", size=MAX_SIZE >> 20))
    try:
        data.decode("utf-8")
    except UnicodeDecodeError:
        raise NotPlain(t("text that is not UTF-8")) from None
    reading = _Reading(drawing=drawing)
    parser = expat.ParserCreate("utf-8", " ")
    parser.SetParamEntityParsing(expat.XML_PARAM_ENTITY_PARSING_NEVER)
    parser.XmlDeclHandler = reading.declaration
    parser.StartDoctypeDeclHandler = reading.document_type
    parser.ProcessingInstructionHandler = reading.instruction
    parser.CommentHandler = reading.comment
    parser.StartCdataSectionHandler = reading.raw_text
    parser.EndCdataSectionHandler = reading.end_of_raw_text
    parser.StartElementHandler = reading.start
    parser.EndElementHandler = reading.end
    parser.CharacterDataHandler = reading.text
    try:
        parser.Parse(data, True)
    except expat.ExpatError:
        raise NotPlain(t("XML that is not well formed")) from None


class _Reading:
    """What Expat calls, piece by piece; it raises at the first that will not do."""

    def __init__(self, *, drawing: bool) -> None:
        self._must_be_drawing = drawing
        self._drawing = False
        self._started = False
        self._style: list[str] | None = None
        self._raw = False

    def declaration(self, _version: str, encoding: str | None, _alone: int) -> None:
        # A browser would read other characters out of the same bytes.
        if (encoding or "utf-8").lower() not in ("utf-8", "utf8"):
            raise NotPlain(t("text that is not UTF-8"))

    def document_type(self, *_: object) -> None:
        raise NotPlain(t("a document type, which may define more than is there to be seen"))

    def instruction(self, target: str, _data: str) -> None:
        raise NotPlain(t("the instruction {name}", name=target))

    def comment(self, text: str) -> None:
        # Read as HTML, the same comment may end earlier.
        if self._drawing and ("<" in text or ">" in text):
            raise NotPlain(t("markup in a comment"))

    def raw_text(self) -> None:
        self._raw = True

    def end_of_raw_text(self) -> None:
        self._raw = False

    def start(self, name: str, attributes: Mapping[str, str]) -> None:
        space, _, local = name.rpartition(" ")
        if not self._started:
            self._started = True
            self._drawing = space == SVG and local == "svg"
            if self._must_be_drawing and not self._drawing:
                raise NotPlain(t("no drawing"))
        if self._style is not None:
            raise NotPlain(t("an element inside a style"))
        if not self._drawing:
            self._of_data(space, local, attributes)
            return
        if space == SVG and local not in _ELEMENTS:
            raise NotPlain(t("the element {name}", name=local))
        if space != SVG and space not in _INERT:
            raise NotPlain(t("the element {name} of something that is no drawing", name=local))
        for key, value in attributes.items():
            self._attribute(key, value)
        if local == "style" and space == SVG:
            self._style = []

    def end(self, _name: str) -> None:
        if self._style is not None:
            _require_plain_style("".join(self._style))
            self._style = None

    def text(self, text: str) -> None:
        if self._drawing and self._raw and "<" in text:
            raise NotPlain(t("markup where text should be"))
        if self._style is not None:
            self._style.append(text)

    def _of_data(self, space: str, local: str, attributes: Mapping[str, str]) -> None:
        for key in (f"{space} {local}", *attributes):
            of, _, name = key.rpartition(" ")
            if (of == _XML and name in _OF_XML) or of in _INERT_OF_W3C or not _LIVE.match(of):
                continue
            raise NotPlain(t("{name}, which may be part of a page or a program", name=name))

    def _attribute(self, key: str, value: str) -> None:
        space, _, name = key.rpartition(" ")
        if space == _XML and name in _OF_XML:
            return
        if (space and space not in _INERT | {_XLINK}) or (space == _XLINK and name not in _OF_XLINK):
            raise NotPlain(t("the attribute {name}", name=name))
        if not space and name.lower().startswith("on"):
            raise NotPlain(t("the program in {name}", name=name))
        if name.lower() in ("href", "src", "base"):
            if not _OWN_PART.fullmatch(value) and not _PICTURE_INSIDE.fullmatch(value):
                raise NotPlain(t("an address that leads out of the file"))
        elif name.lower() == "style":
            _require_plain_style(value)
        elif not space and not _PLAIN_WORDS.fullmatch(name):
            _require_own_addresses(value)


def _require_plain_style(text: str) -> None:
    if "@" in text or "<" in text:
        raise NotPlain(t("a style that asks for more than there is in the file"))
    for function in _FETCHING.findall(text):
        if function.lower() not in _FUNCTIONS:
            raise NotPlain(t("a style that asks for more than there is in the file"))
    if re.search(r"behaviou?r|binding|expression|javascript", text, re.IGNORECASE):
        raise NotPlain(t("a style that asks for more than there is in the file"))
    _require_own_addresses(text)


def _require_own_addresses(text: str) -> None:
    """Raise unless every address in a style, or in an attribute that is read like one, is a part of the same file."""
    if "\\" in text:
        # It can spell a name in such a way that only browsers read it.
        raise NotPlain(t("a style that asks for more than there is in the file"))
    lower = text.lower()
    addresses = _URL.findall(text)
    if len(addresses) != lower.count("url(") or "image-set(" in lower or "image(" in lower or "src(" in lower:
        raise NotPlain(t("an address that leads out of the file"))
    for _, address in addresses:
        if not _OWN_PART.fullmatch(address) and not _PICTURE_INSIDE.fullmatch(address):
            raise NotPlain(t("an address that leads out of the file"))
