"""What can be done to the small site of `built_sites`: one change each, so that a test shows it in one line."""

from __future__ import annotations

import datetime as dt
from collections.abc import Callable
from dataclasses import replace
from typing import Any

from built_sites import BLOCK, HOST, POSTS, BuiltSite, Post, jpeg
from PIL import ExifTags, Image

Change = Callable[[BuiltSite], object]
A, B, DOC, HOME = "news/a.html", "news/b.html", "policy/doc.html", "index.html"


def swapped(path: str, old: str, new: str) -> Change:
    """Replace something on one page."""
    return lambda site: site.swap(path, old, new)


def everywhere(old: str, new: str) -> Change:
    """Replace something on every page."""
    return lambda site: site.everywhere(old, new)


def added(path: str, html: str) -> Change:
    """Put something at the end of a page's main part."""
    return lambda site: site.swap(path, "</main>", f"{html}</main>")


def in_head(path: str, html: str) -> Change:
    """Put something into the head of a page."""
    return lambda site: site.swap(path, "</head>", f"{html}</head>")


def posted(number: int, **changes: Any) -> Change:
    """Publish one of the site's posts otherwise, signed as it is then."""
    return lambda site: site.post(replace(POSTS[number], **changes))


def published(numbers: range, when: str) -> Change:
    """Give posts another time of publication."""
    return together(*(posted(number, published=when) for number in numbers))


def attached(name: str, data: bytes) -> Change:
    """Publish the first post with one file more, signed."""
    return posted(0, files={**POSTS[0].files, name: data})


def document(**more: str) -> Change:
    """Publish the official document with another block; an empty value leaves a line out."""
    return posted(2, block={name: value for name, value in {**BLOCK, **more}.items() if value})


def signed_late(version: int, at: str) -> Change:
    """Publish the first post with the day it has, though its chain was completed at another time."""
    post = replace(POSTS[0], version=version)
    return lambda site: site.post(post, chain=post.chain(at=dt.datetime.fromisoformat(at)))


def placed(path: str, data: str | bytes) -> Change:
    """Write a file."""
    return lambda site: site.put(path, data)


def dropped(*paths: str) -> Change:
    """Take files away."""
    return lambda site: site.drop(*paths)


def dropped_all(ending: str) -> Change:
    """Take away all files with this ending."""
    return lambda site: site.drop(*(path for path in list(site.files) if path.endswith(ending)))


def without_posts(site: BuiltSite) -> None:
    """Take away every post."""
    site.drop(*(post.path for post in POSTS))


def without_columns(site: BuiltSite) -> None:
    """Take away every column."""
    site.drop(*(path for path in list(site.files) if path.endswith("/index.html")))


def without_files(site: BuiltSite) -> None:
    """Take away everything that readers could take away."""
    site.post(replace(POSTS[0], files={}))
    site.drop(*(path for path in list(site.files) if path.startswith(("news/a/", "img/"))))
    site.everywhere('src="/img/bg.png"', 'src="data:x"')


def moved_to(host: str) -> Change:
    """Give the site another address."""

    def change(site: BuiltSite) -> None:
        for path in list(site.files):
            if path.endswith((".html", ".xml", ".txt")) and HOST.encode() in site.files[path]:
                site.swap(path, HOST, host)

    return change


def emptied(count: int) -> Change:
    """Add columns that nothing is in."""

    def change(site: BuiltSite) -> None:
        listed = site.files["news/index.html"].decode()
        begin, end = listed.index('<ul><li><a href="/news/a.html"'), listed.index("</main>")
        for number in range(count):
            site.put(f"empty{number}/index.html", listed[:begin] + "<p>暂无内容</p>" + listed[end:])

    return change


def together(*changes: Change) -> Change:
    """Do several things."""

    def change(site: BuiltSite) -> None:
        for one in changes:
            one(site)

    return change


def nothing_leads(path: str, *targets: str) -> Change:
    """Have a page lead to none of these."""
    return together(*(swapped(path, f'href="{target}', f'href="/x{target}') for target in targets))


def picture_by(tag: int, value: str) -> bytes:
    """Return a picture that says this of its making."""
    found = Image.Exif()
    found[tag] = value
    return jpeg(exif=found)


def picture_with_place() -> bytes:
    """Return a picture that says where it was taken."""
    found = Image.Exif()
    found[ExifTags.IFD.GPSInfo] = {1: "N"}
    return jpeg(exif=found)


def another(post: Post, path: str, when: str) -> Change:
    """Publish a post once more, in another place and at another time."""
    return lambda site: site.post(replace(post, path=path, published=when))
