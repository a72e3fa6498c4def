"""Clean text that people paste: what cannot be seen goes, what was meant stays. Knows no Markdown and no posts."""

from __future__ import annotations

import re
import unicodedata

FORMAT_CHARACTERS = (
    "\u00ad\u0600-\u0605\u061c\u06dd\u070f\u0890-\u0891\u08e2\u180e\u200b-\u200f\u202a-\u202e\u2060-\u2064\u2066-\u206f"
    "\ufeff\ufff9-\ufffb\U000110bd\U000110cd\U00013430-\U0001343f\U0001bca0-\U0001bca3\U0001d173-\U0001d17a"
    "\U000e0001\U000e0020-\U000e007f"
)
"""Category Cf as the inside of a character class; written out, as asking every code point takes a tenth of a second."""

_EMOJI = (
    "\u00a9\u00ae\u203c\u2049\u2122\u2139\u2194-\u21aa\u231a-\u23ff\u24c2\u25aa-\u25fe\u2600-\u27bf\u2934-\u2935"
    "\u2b05-\u2b55\u3030\u303d\u3297\u3299\U0001f000-\U0001faff"
)
_LINE_END = re.compile("\r\n|[\r\x0b\x0c\x85\u2028\u2029]")
_EMOJI_JOINER = f"((?<=[{_EMOJI}\ufe0f])\u200d(?=[{_EMOJI}]))"
_TAKEN_OUT = re.compile(f"{_EMOJI_JOINER}|[\x00-\x08\x0b-\x1f\x7f-\x9f{FORMAT_CHARACTERS}]")
_HIDDEN = re.compile(f"{_EMOJI_JOINER}|[\x00-\x1f\x7f-\x9f\u2028\u2029{FORMAT_CHARACTERS}]")
_SURROGATE = re.compile("[\ud800-\udfff]")
_ORDINARY = re.compile(r"[\n\t\x20-\x7e]*")

_WORD = str.maketrans(
    {
        "\x1e": "-",  # Word's non-breaking hyphen
        "\uf0b7": "•",  # bullets of the fonts Symbol and Wingdings: elsewhere they are empty boxes
        "\uf0a7": "▪",
        "\uf06c": "●",
        "\uf06e": "■",
        "\uf0d8": "➢",
        "\uf0fc": "✓",
    }
)


def clean_text(text: str) -> str:
    """Return text of several lines in NFC, with LF line ends and nothing invisible but tabs and joiners inside emoji.

    Word's soft line and page breaks become line ends, its bullets and non-breaking hyphens those that everyone has.
    """
    if _ORDINARY.fullmatch(text):
        return text
    text = _LINE_END.sub("\n", text).translate(_WORD)
    text = _TAKEN_OUT.sub(lambda found: found[1] or "", text)
    return unicodedata.normalize("NFC", _SURROGATE.sub("\ufffd", text))


def clean_line(text: str) -> str:
    """Return a text of one line, such as a title or a note: also trimmed, every run of white space one space."""
    return " ".join(clean_text(text).split())


def hidden_character(text: str) -> str:
    """Name the first character that no line of text should hold (control, format, line end); empty if there is none."""
    if text.isascii() and text.isprintable():
        return ""
    return next((f"U+{ord(found[0]):04X}" for found in _HIDDEN.finditer(text) if not found[1]), "")
