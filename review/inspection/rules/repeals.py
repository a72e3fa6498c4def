"""Tell whether a document says of itself, in title or text, that it is void. What it says of others is no matter here."""

from __future__ import annotations

import re
import unicodedata
from datetime import date

from review.inspection.dates import day_in
from review.inspection.records import Page

_OVER = r"(?:废止|失效|作废|停止执行|停止施行)"
_SORTS = "办法|规定|通知|文件|意见|方案|细则|决定|制度|规则|条例|公告|通告|章程|标准|指引|指南|计划|规划|预案|措施|要求|件|文"
_ITSELF = rf"(?:本(?:{_SORTS})|此(?:件|文件?))"
_DAY = r"\d{4}\s?[年/.-]\s?\d{1,2}\s?[月/.-]\s?\d{1,2}\s?日?"
_BRACKETED = re.compile(rf"[(\[〔【<〈][^()\[\]〔〕【】<>〈〉]{{0,16}}{_OVER}\s?[)\]〕】>〉]")
_BEGINS = re.compile(rf"(?:已|现已|全文){_OVER}(?=$|[\s:《(])")
_QUOTED = re.compile(r"《[^《》]*》|[(\[〔【<〈][^()\[\]〔〕【】<>〈〉]*[)\]〕】>〉]")
_NAMED = re.compile(r"《[^《》]*》")
_OF_OTHERS = re.compile(rf"{_OVER}|清理")
_ALONE = re.compile(rf"{_ITSELF}?(?:已经?|现已|全文|全文已|宣布|已宣布){_OVER}")
_SENTENCE = re.compile(
    rf"{_ITSELF}(?P<how>(?:\s|已经?|现|予以|宣布|即行|自动|全文|(?:自|从|于|至|在)?{_DAY}(?:零时)?(?:起|之?日起)?|自?即日起|开始)"
    rf"{{0,8}}?){_OVER}(?P<behind>[^，,。；;、!！\n]?)"
)
_NOW = re.compile("已|现|予以|宣布|即日|全文")
_UNTIL = re.compile(rf"{_ITSELF}[^。；;\n《》]{{0,30}}?有效期限?(?:截止|截)?(?:至|到)(?P<day>\s?{_DAY})")
_NAMED_LINES = 8
"""Lines at the beginning of a text in which an editor's note stands."""


def says_it_is_void(page: Page, today: date) -> str:
    """Return the words by which a document says that it is void today; empty where it says no such thing of itself."""
    titles = [_plain(words) for level, words in page.headings if level == 1] or [_plain(page.title)]
    repealing = any(_OF_OTHERS.search(_QUOTED.sub("", title)) for title in titles)
    for title in titles:
        own = _NAMED.sub("", title) if repealing or "关于" in title.partition("《")[0] else title
        if found := _BRACKETED.search(own) or _BEGINS.match(title):
            return found[0]
    for line in [] if repealing else page.prose.split("\n")[:_NAMED_LINES]:
        if _ALONE.fullmatch(_plain(line).strip(" 。.!()[]【】〔〕*")):
            return line.strip()
    text = _plain(page.prose)
    for found in _SENTENCE.finditer(text):
        day, behind = day_in(found["how"]), found["behind"]
        is_now = day <= today if day else bool(_NOW.search(found["how"])) or not behind
        if is_now and not (behind and behind in "的前后时之《原以下第部其"):
            return found[0]
    ended = (found for found in _UNTIL.finditer(text) if (day := day_in(found["day"])) and day < today)
    return next((found[0] for found in ended), "")


def _plain(text: str) -> str:
    return unicodedata.normalize("NFKC", text)
