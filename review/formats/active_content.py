"""Tell which files browsers or web servers would run, rather than show or save, where they lie on a site. Names and bytes. Pure.

Everything that a site publishes stands under its own address. A page among its attachments could do there whatever the
site's own pages can, so only what is known to do nothing passes.
"""

from __future__ import annotations

import re
from dataclasses import dataclass

from review.formats.plain_xml import MAX_SIZE, NotPlain, require_plain
from review.messages import Message, t

LOOKED_AT = MAX_SIZE + 1
"""So many bytes of a file, or all if there are fewer, are enough to tell."""

_PAGES = "htm html xhtml xht xhtm shtml shtm sht stm htt hta htc mht mhtml mhtm eml xul webarchive wbn svgz"
_PROGRAMS = "js mjs cjs jse vbs vbe wsf wasm swf spl swc jar jnlp xsl xslt xbl appcache"
_OF_SERVERS = re.compile(r"php\d?|phps|phtml|phar|pht|aspx?|asa|asax|ascx|ashx|asmx|jspx?|jspf|cfm|cfc|f?cgi|pl")
"""What servers may run wherever it stands in a name: some look for it before the last dot."""

_SETTINGS = ("web.config", "php.ini")
_HIDDEN = re.compile(r"\.[^.]")
_MARKUP = "xml rdf rss atom kml gpx gml xsd wsdl dae plist opml xspf"
"""What is read as XML, whatever is in it."""

_ENCODINGS = "gz br z bz2 zst xz"
"""Endings that a server may take for the way in which another ending's file is sent."""

_DOCUMENTS = (
    "pdf doc docx docm dot dotx xls xlsx xlsm xlt ppt pptx pps ppsx wps wpt et ett dps dpt ofd odt ods odp odg rtf epub"
)
_TEXTS = "txt csv tsv md srt vtt json geojson log ics vcf"
_PICTURES = "jpg jpeg jpe jfif mpo png apng gif webp avif heic heif tif tiff bmp ico psd"
_MEDIA = "mp4 m4v m4a webm ogv ogg oga opus mp3 wav flac aac mov avi mkv wmv wma"
_INERT = f"{_DOCUMENTS} {_TEXTS} {_PICTURES} {_MEDIA} zip rar 7z tar tgz ttf otf woff woff2 dwg dxf"
"""Endings of files that browsers show or save and never run."""

_KINDS = {
    ending: kind
    for kind, endings in (
        ("page", _PAGES),
        ("program", _PROGRAMS),
        ("drawing", "svg"),
        ("markup", _MARKUP),
        ("inert", _INERT),
    )
    for ending in endings.split()
}
_BETWEEN = re.compile("[.;:]")
_UNSEEN = bytes(range(0x21))
_TAGS = "html|head|script|iframe|h1|div|font|table|a|style|title|b|body|br|p"
_PAGE = re.compile(rf"<(?:!doctype\s+html|(?:{_TAGS})(?=[\s/>]|\Z)|!--)", re.IGNORECASE)
_PAGE_ANYWHERE = re.compile(r"<(?:!doctype\s+html|html|head|script|iframe|body)[\s/>]", re.IGNORECASE)
_BEGINNING = 2048
_ANYWHERE = 1024
"""Bytes in which old browsers looked for a page where a server did not say what it sent."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Active:
    """Why a file counts as one that runs, and what to do instead."""

    what: Message
    hint: Message


def active_content(path: str, data: bytes) -> Active | None:
    """Return why a file of this path must not lie on a site; None where it does nothing there.

    `path` is relative to its post's folder or to the repository; `data` may end after `LOOKED_AT` bytes.
    """
    *folders, name = path.casefold().split("/")
    if name in _SETTINGS or any(_HIDDEN.match(one) for one in (*folders, name)):
        return Active(what=t("web servers take a file of this name for their settings"), hint=_rename())
    if any(_OF_SERVERS.fullmatch(part) for one in (*folders, name) for part in _endings(one)):
        return Active(what=t("web servers may run a file of this name"), hint=_rename())
    return _judged(_ending(_endings(name)), data)


def _endings(name: str) -> list[str]:
    return [part for part in _BETWEEN.split(name)[1:] if part]


def _ending(parts: list[str]) -> str:
    """Return the ending that says what a file is: the last that anything is known of, as some servers read names."""
    found = next((part for part in reversed(parts) if part in _KINDS), "")
    return "zip" if not found and parts and parts[-1] in _ENCODINGS.split() else found


def _judged(ending: str, data: bytes) -> Active | None:
    beginning = _beginning_of(data)
    match _KINDS.get(ending, ""):
        case "page":
            return Active(what=t("browsers open it as a page of this site, with every program in it"), hint=_pack())
        case "program":
            return Active(what=t("browsers run it as a program of this site"), hint=_pack())
        case "drawing":
            return _drawing(data)
        case "inert":
            return _disguised() if _PAGE.match(beginning) else None
        case "markup":
            return _disguised() if ending != "xml" and _PAGE.match(beginning) else _markup(data)
    # Here the server has nothing to say of the file, and the browser goes by what it finds.
    if _PAGE.match(beginning) or _PAGE_ANYWHERE.search(beginning[:_ANYWHERE]):
        return _disguised()
    return _markup(data) if beginning.startswith("<") else None


def _beginning_of(data: bytes) -> str:
    """Return how a file begins, as a browser reads it that has to guess: in whichever of the common encodings."""
    beginning = data[:_BEGINNING]
    if beginning.startswith((b"\xff\xfe", b"\xfe\xff")):
        text = beginning.decode("utf-16", "replace")
    elif beginning[1:2] == b"\0":
        text = beginning.decode("utf-16-le", "replace")
    elif beginning[:1] == b"\0":
        text = beginning.decode("utf-16-be", "replace")
    else:
        text = beginning.removeprefix(b"\xef\xbb\xbf").decode("latin-1")
    return text.lstrip(_UNSEEN.decode("latin-1"))


def _drawing(data: bytes) -> Active | None:
    try:
        require_plain(data, drawing=True)
    except NotPlain as error:
        return Active(
            what=t("it is a drawing (SVG) that may do more than be seen: it holds {what}", what=error.what),
            hint=t("save it as plain SVG, or make a PNG or a PDF of it"),
        )
    return None


def _markup(data: bytes) -> Active | None:
    try:
        require_plain(data)
    except NotPlain as error:
        return Active(
            what=t("browsers may open it as a page of this site: it holds {what}", what=error.what), hint=_pack()
        )
    return None


def _disguised() -> Active:
    return Active(what=t("it is a page (HTML), whatever its name says, and browsers may open it as one"), hint=_pack())


def _pack() -> Message:
    return t("pack it into a ZIP file, or make a PDF or a PNG of it")


def _rename() -> Message:
    return t("give it another name, or pack it into a ZIP file")
