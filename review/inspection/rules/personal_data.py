"""PII: numbers of identity cards, mobile phones and bank cards, and addresses where people live."""

from __future__ import annotations

import datetime as dt
import re

from review.inspection.cases import Case, Check, Failure, Failures
from review.inspection.rules.secrets import everything, texts_of
from review.messages import t

_EDGE, _END = r"(?<![0-9A-Za-z])(?<!\d\.)", r"(?![0-9A-Za-z])"
_BETWEEN = r"[ \t.,·•・_/~:、\u2010-\u2015\u2212-]{0,3}"
"""What people put between the digits of a number, after it was written in plain letters."""

_CENTURY = rf"(?:1{_BETWEEN}9|2{_BETWEEN}0)"
_IDENTITY = re.compile(
    rf"{_EDGE}(?=([1-8](?:{_BETWEEN}\d){{5}}{_BETWEEN}{_CENTURY}(?:{_BETWEEN}\d){{9}}{_BETWEEN}[\dXx]){_END})"
)
_MOST_GROUPS, _DIGITS = 6, 18
_PROVINCES = frozenset(
    ("11", "12", "13", "14", "15", "21", "22", "23", "31", "32", "33", "34", "35", "36", "37", "41", "42", "43", "44", "45",
     "46", "50", "51", "52", "53", "54", "61", "62", "63", "64", "65", "71", "81", "82", "83")
)  # fmt: skip
_MOBILE = re.compile(rf"{_EDGE}(?:(?:\+|00)?86[- ]?)?1[3-9]\d(?:\d{{8}}|[ -]\d{{4}}[ -]\d{{4}}){_END}")
_CARD = re.compile(rf"{_EDGE}(?:62|4|5[1-5])\d{{2,3}}(?:[ -]?\d{{3,4}}){{3,4}}{_END}")
_ADDRESS = re.compile(
    r"(?:家庭|户籍|居住|现住)(?:住址|地址|所在地|地)?[:：为是]?\s*[\u4e00-\u9fff\d]{4,40}?\d+\s*(?:号|室|栋|幢|单元|组)"
)
_WEIGHTS = (7, 9, 10, 5, 8, 4, 2, 1, 6, 3, 7, 9, 10, 5, 8, 4, 2)
_CHECKS = "10X98765432"
_CARD_LENGTHS = range(16, 20)


def is_identity_number(text: str) -> bool:
    """Tell whether a text is a number of an identity card: province and day exist and the check digit fits (GB 11643).

    Its digits may stand in groups, or one by one, with the same mark between all of them.
    """
    groups = re.split(r"[^0-9Xx]+", text)
    marks = {"".join(mark.split()) for mark in re.findall(r"[^0-9Xx]+", text)}
    digits = "".join(groups).upper()
    if len(marks) > 1 or len(groups) not in (*range(1, _MOST_GROUPS + 1), _DIGITS):
        return False  # so figures that stand in a row, and drawings, are none
    if not re.fullmatch(r"[1-9]\d{16}[\dX]", digits) or digits[:2] not in _PROVINCES:
        return False
    try:
        born = dt.date(int(digits[6:10]), int(digits[10:12]), int(digits[12:14]))
    except ValueError:
        return False
    total = sum(int(digit) * weight for digit, weight in zip(digits[:17], _WEIGHTS, strict=True))
    return 1900 <= born.year < 2100 and _CHECKS[total % 11] == digits[17]


def is_card_number(text: str) -> bool:
    """Tell whether a number is one of a bank card: 16 to 19 digits whose last one fits (Luhn)."""
    digits = re.sub(r"\D", "", text)
    if len(digits) not in _CARD_LENGTHS or len(set(digits)) < 3:
        return False
    doubled = [int(digit) * (2 if place % 2 else 1) for place, digit in enumerate(reversed(digits))]
    return sum(one - 9 if one > 9 else one for one in doubled) % 10 == 0


def masked(text: str) -> str:
    """Return a number so that it can be found and not be read: its first three and its last two characters."""
    return f"{text[:3]}{'*' * max(0, len(text) - 5)}{text[-2:]}"


def _identity(case: Case) -> Failures:
    for path, text in texts_of(case):
        for found in _IDENTITY.finditer(text):
            if is_identity_number(found[1]):
                yield Failure(page=path, what=t("a number of an identity card: {number}", number=masked(found[1])))


def _mobile(case: Case) -> Failures:
    released = {re.sub(r"\D", "", one)[-11:] for one in case.names("allowed")}
    called = [
        (page.path, link.href.partition(":")[2])
        for page in case.site.pages
        for link in page.links
        if link.href.lower().startswith(("tel:", "sms:"))
    ]
    for path, text in (*texts_of(case), *called):
        for found in _MOBILE.finditer(text):
            if re.sub(r"\D", "", found[0])[-11:] not in released:
                yield Failure(page=path, what=t("a number of a mobile phone: {number}", number=masked(found[0])))


def _homes_and_cards(case: Case) -> Failures:
    for path, text in texts_of(case):
        for found in _CARD.finditer(text):
            if is_card_number(found[0]) and not is_identity_number(found[0]):
                yield Failure(page=path, what=t("a number of a bank card: {number}", number=masked(found[0])))
        for found in _ADDRESS.finditer(text):
            yield Failure(page=path, what=t("an address where somebody lives: {address}", address=f"{found[0][:10]}…"))


CHECKS = (
    Check(rule="PII-01", subjects=everything, nothing="", failures=_identity),
    Check(rule="PII-02", subjects=everything, nothing="", failures=_mobile, optional=("allowed",)),
    Check(rule="PII-03", subjects=everything, nothing="", failures=_homes_and_cards),
)
