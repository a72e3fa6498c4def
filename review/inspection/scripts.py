"""Tell which addresses a script takes something from: imports, workers, requests. Runs nothing, guesses nothing."""

from __future__ import annotations

import re
from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from typing import Literal, TypeAlias

Kind: TypeAlias = Literal["script", "connection", "frame", "other"]

MOST_READ = 1 << 20
"""Characters of a script that are read; what a site writes itself is shorter."""

_TOKEN = re.compile(
    r"(?P<space>\s+|//[^\n]*|/\*.*?(?:\*/|\Z)|<!--[^\n]*)"
    r"|(?P<text>\"(?:[^\"\\\n]|\\.)*\"|'(?:[^'\\\n]|\\.)*'|`(?:[^`\\]|\\.)*`)"
    r"|(?P<word>[A-Za-z_$\u0080-\uffff][\w$]*|\d[\w.]*)"
    r"|(?P<mark>.)",
    re.DOTALL,
)
_PATTERN = re.compile(r"/(?:[^/\\\[\n]|\\.|\[(?:[^\]\\\n]|\\.)*\])+/\w*")
_LONGEST_PATTERN, _MOST_MISTAKEN = 2000, 200
"""How long a regular expression may be, and how often something is held for the beginning of one, or of a text, and is none."""

_ESCAPE = re.compile(r"\\(?:u\{([0-9A-Fa-f]{1,6})\}|u([0-9A-Fa-f]{4})|x([0-9A-Fa-f]{2})|(\n)|(.))", re.DOTALL)
_BEFORE_PATTERN = frozenset("(,=:[!&|?{};+-*%~^<>")
_WORDS_BEFORE_PATTERN = frozenset(
    ("return", "typeof", "case", "in", "of", "delete", "void", "throw", "new", "else", "do")
)
_CALLS: dict[str, Kind] = {
    "fetch": "connection", "sendBeacon": "connection", "importScripts": "script", "import": "script", "Worker": "script",
    "SharedWorker": "script", "EventSource": "connection", "WebSocket": "connection", "register": "script",
    "addModule": "script",
}  # fmt: skip
_MADE = frozenset(("Worker", "SharedWorker", "EventSource", "WebSocket"))
_WINDOWS = frozenset(("window", "self", "globalThis"))
_METHODS = frozenset(("GET", "POST", "PUT", "HEAD", "DELETE", "PATCH"))
_PROGRAM = re.compile(r"(?:https?:)?//[\w.-]+(?::\d+)?/[^\s?#]*\.m?js(?:[?#].*)?", re.IGNORECASE)
_NO_NAME = re.compile(r"\.{0,2}/|[A-Za-z][A-Za-z0-9+.-]*:")
"""How the address in an import begins; anything else is a name that the page's import map explains."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Taken:
    """An address in a script. `whole` says that nothing is put before or behind it; `beside` that a relative one is relative
    to the script's own file, rather than to the page."""

    kind: Kind
    address: str
    whole: bool = True
    beside: bool = False


@dataclass(frozen=True, slots=True)
class _Token:
    kind: Literal["text", "word", "mark"]
    said: str


def taken_by(script: str) -> Iterator[Taken]:
    """Yield what a script takes from addresses that stand in it as texts; comments and regular expressions are none."""
    tokens = list(_tokens(script[:MOST_READ]))
    for place, token in enumerate(tokens):
        if token.kind != "text" or not (address := _address(token.said)):
            continue
        if (use := _use(tokens, place, address)) is not None:
            around = {_said(tokens, place - 1), _said(tokens, place + 1)}
            whole = "+" not in around and not (token.said[0] == "`" and "${" in token.said)
            yield Taken(kind=use[0], address=address, whole=whole, beside=use[1])


def _use(tokens: Sequence[_Token], place: int, address: str) -> tuple[Kind, bool] | None:
    """Return what a text is used for, and whether as an address beside the script; None where that cannot be told."""
    before, again, third = (_said(tokens, place - number) for number in (1, 2, 3))
    if before in ("import", "from") and tokens[place - 1].kind == "word" and again != ".":
        return ("script", True) if _NO_NAME.match(address) else None
    if before == "(" and again == "URL" and _said(tokens, place + 1) == ",":
        return _beside_itself(tokens, place)
    if before == "(" and again in _CALLS and not (again in _MADE and third != "new"):
        asked = _said(tokens, place - 4) if third == "." else ""
        if not _is_of_the_browser(again, asked, of_something=third == "."):
            return None
        if again == "import":
            return ("script", True) if _NO_NAME.match(address) and third != "." else None
        return _CALLS[again], again == "importScripts"
    if before == "," and third == "(" and _said(tokens, place - 4) == "open":
        return ("connection", False) if again[1:-1].upper() in _METHODS else None
    if _PROGRAM.fullmatch(address):
        return "script", False
    return ("other", False) if before == "=" and again in ("src", "href") and third == "." else None


def _is_of_the_browser(function: str, asked: str, *, of_something: bool) -> bool:
    """Tell whether a function of this name is the browser's: that of a library may take names that are no addresses."""
    match function:
        case "register":
            return asked == "serviceWorker"
        case "addModule":
            return asked.lower().endswith("worklet")
        case "sendBeacon":
            return of_something
        case "fetch":
            return not of_something or asked in _WINDOWS
    return True


def _beside_itself(tokens: Sequence[_Token], place: int) -> tuple[Kind, bool] | None:
    """Return the use of `new URL(text, import.meta.url)`, which names a file beside the script."""
    if [_said(tokens, place + number) for number in range(2, 7)] != ["import", ".", "meta", ".", "url"]:
        return None
    user = _said(tokens, place - 5) if _said(tokens, place - 4) == "(" else ""
    return _CALLS.get(user, "other"), True


def _said(tokens: Sequence[_Token], place: int) -> str:
    return tokens[place].said if 0 <= place < len(tokens) else ""


def _tokens(script: str) -> Iterator[_Token]:
    place, last, mistaken = 0, _Token("mark", ";"), 0
    while place < len(script):
        divides = script[place] != "/" or script[place + 1 : place + 2] in ("/", "*") or not _pattern_may_follow(last)
        if not divides and mistaken < _MOST_MISTAKEN:
            if found := _PATTERN.match(script, place, place + _LONGEST_PATTERN):
                place, last = found.end(), _Token("word", "/")
                continue
            mistaken += 1
        found = _TOKEN.match(script, place)
        if found is None:
            return
        place = found.end()
        if found["text"] is not None:
            last = _Token("text", found["text"])
        elif found["word"] is not None:
            last = _Token("word", found["word"])
        elif found["mark"] in ("'", '"', "`"):
            mistaken += 1  # a text that never ends: no browser reads further in its line
            place = script.find("\n", place)
            if place < 0 or mistaken > _MOST_MISTAKEN:
                return
            continue
        elif found["mark"] is not None:
            last = _Token("mark", found["mark"])
        else:
            continue
        yield last


def _pattern_may_follow(last: _Token) -> bool:
    """Tell whether a slash begins a regular expression here, and is no division."""
    return last.said in (_BEFORE_PATTERN if last.kind == "mark" else _WORDS_BEFORE_PATTERN)


def _address(text: str) -> str:
    """Return what a text says, up to the first value that is filled in."""
    plain = text[1:-1].partition("${")[0] if text[0] == "`" else text[1:-1]
    return _ESCAPE.sub(_unescaped, plain).strip()


def _unescaped(found: re.Match[str]) -> str:
    digits = found[1] or found[2] or found[3]
    if digits:
        number = int(digits, 16)
        return chr(number) if number < 0x110000 else ""
    return "" if found[4] else found[5]
