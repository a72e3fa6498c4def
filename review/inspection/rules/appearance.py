"""PAGE-02 and PAGE-03: how many colours the site has, and how heavy its pages are."""

from __future__ import annotations

import colorsys
import math
import re
from collections.abc import Iterator, Sequence

from review.inspection.addresses import file_at, target_of
from review.inspection.cases import Case, Check, Failure, Failures, on_pages
from review.inspection.records import LONGEST_TEXT, Page
from review.inspection.rules.meta import every_page
from review.messages import listed, t

_TOKEN = re.compile(r"(?<![\w-])(--[\w-]{1,200})\s*:\s*([^;{}]+)")
_HEX = re.compile(r"#([0-9a-fA-F]{8}|[0-9a-fA-F]{6}|[0-9a-fA-F]{3,4})(?![0-9a-fA-F\w])")
_RGB = re.compile(r"rgba?\(\s*(\d{1,3})[\s,]+(\d{1,3})[\s,]+(\d{1,3})")
_NUMBER = r"\d{0,9}\.?\d{1,9}"
_HSL = re.compile(rf"hsla?\(\s*({_NUMBER})(?:deg)?[\s,]+({_NUMBER})%[\s,]+({_NUMBER})%")
_OKLCH = re.compile(rf"oklch\(\s*({_NUMBER}%?)\s+({_NUMBER})\s+({_NUMBER})")
_GREYISH = 0.12
"""Chroma below which nobody calls it a colour."""

_SAME = 30.0
"""Degrees on the wheel between which shades are of one colour."""


def _tokens(case: Case) -> Sequence[tuple[str, str]]:
    """Return the custom properties of the site's styles that hold a colour, once each."""
    sheets = [*case.site.css.values(), *(page.styles for page in case.site.pages if page.styles)]
    found = (pair for text in sheets for pair in _TOKEN.findall(text))
    return [(name, value.strip()) for name, value in dict.fromkeys(found) if any(_colours(value)) or _is_grey(value)]


def _is_grey(value: str) -> bool:
    return any(pattern.search(value) for pattern in (_HEX, _RGB, _HSL, _OKLCH))


def _colours(value: str) -> Iterator[float]:
    """Yield the hue, in degrees, of every colour in a value that is more than a grey."""
    for red, green, blue in _channels(value):
        high, low = max(red, green, blue), min(red, green, blue)
        if high - low >= _GREYISH:
            yield colorsys.rgb_to_hls(red, green, blue)[0] * 360
    for lightness, chroma, hue in _OKLCH.findall(value):
        if float(chroma) >= _GREYISH / 3 and lightness:
            yield (float(hue) - 29) % 360  # its red lies at 29 degrees, where that of the others is 0


def _channels(value: str) -> Iterator[tuple[float, float, float]]:
    for digits in _HEX.findall(value):
        whole = "".join(one * 2 for one in digits[:3]) if len(digits) <= 4 else digits[:6]
        red, green, blue = (int(whole[place : place + 2], 16) / 255 for place in (0, 2, 4))
        yield red, green, blue
    for found in _RGB.findall(value):
        red, green, blue = (int(one) / 255 for one in found)
        yield red, green, blue
    for hue, saturation, lightness in _HSL.findall(value):
        yield colorsys.hls_to_rgb(float(hue) / 360 % 1, float(lightness) / 100, float(saturation) / 100)


def _main_colours(case: Case) -> Failures:
    families: list[tuple[float, str]] = []
    for name, value in _tokens(case):
        for hue in _colours(value):
            if all(_apart(hue, other) > _SAME for other, _ in families):
                families.append((hue, name))
    most = case.number("colours")
    if len(families) > most and case.site.home:
        names = listed(name for _, name in families)
        what = t("{count} colours, of {names}; at most {most} are wanted", count=len(families), names=names, most=most)
        yield Failure(page=case.site.home.path, what=what)


def _apart(one: float, other: float) -> float:
    between = abs(one - other) % 360
    return min(between, 360 - between)


def _weights(case: Case) -> Failures:
    budget = case.number("seconds") * case.number("kbit_per_second") * 1000 // 8

    def heavy(page: Page) -> Iterator[str]:
        if case.site.files[page.path].size > LONGEST_TEXT:
            yield t("it has more than {most} MB, and was read up to there", most=LONGEST_TEXT >> 20)
        weight = weight_of(case, page)
        if weight > budget:
            yield t("{size} kB to load, more than {most} kB", size=math.ceil(weight / 1000), most=budget // 1000)

    return on_pages(every_page(case), heavy)


def weight_of(case: Case, page: Page) -> int:
    """Return how many bytes a page loads before it can be read: itself, styles and scripts packed, pictures that do not wait."""
    taken = set()
    for one in page.resources:
        if one.kind in ("script", "style", "picture") and not one.lazy and not one.print_only:
            target = target_of(case.site, page.path, one.address, page.base)
            taken.add(file_at(case.site, target.path) if target and target.inside else "")
    files = [case.site.files[path] for path in taken - {""}]
    return page.weight + sum(file.compressed or file.size for file in files)


CHECKS = (
    Check(
        rule="PAGE-02",
        subjects=_tokens,
        nothing=t("the styles have no custom property that holds a colour"),
        failures=_main_colours,
        values=("colours",),
    ),
    Check(rule="PAGE-03", subjects=every_page, nothing="", failures=_weights, values=("seconds", "kbit_per_second")),
)
