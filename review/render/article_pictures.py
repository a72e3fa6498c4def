"""Choose the picture that stands for a post, and leave out of its attachments what its page shows already."""

from __future__ import annotations

from collections.abc import Container
from dataclasses import replace

from review.render.addresses import encoded
from review.render.records import Article, Attachment, Picture
from review.render.shelf import Shelf
from review.render.sizes import size_in_words

SMALLEST = 200
"""Pixels across that a picture of the text has at least to stand for its post; what is smaller is a sign or a line."""

_LIBRARY = "resources"
"""The type of columns whose posts are there for their files: these are listed even where the text shows them."""


def pictured(article: Article, image: str, in_text: tuple[str, ...], shelf: Shelf) -> Article:
    """Return an article with its picture and the attachments that remain.

    `image` is the path in the site that its `Image` names, empty where it names none; `in_text` those of pictures that its
    text shows. Its `Image` stands for it, else the poster of its film, else the first picture of its text.
    """
    files = [(f"{article.slug}/{one.name}", one) for one in article.attachments]
    shown = () if article.category.type == _LIBRARY else {image, *in_text}
    address = article.image
    if image in shelf.pictures:
        address = shelf.pictures[image].url
    elif image in shelf.withheld:
        address = ""
    return replace(
        article,
        image=address,
        picture=_chosen(article, image, in_text, [path for path, _ in files], shelf),
        attachments=_listed(files, shown, shelf),
    )


def _chosen(article: Article, image: str, in_text: tuple[str, ...], files: list[str], shelf: Shelf) -> Picture | None:
    if found := shelf.pictures.get(image):
        return found
    candidates = [one.poster for one in article.players]
    candidates += (shelf.pictures[path] for path in in_text if shelf.pictures[path].width >= SMALLEST)
    if article.category.type == _LIBRARY:
        candidates += (shelf.pictures.get(path) for path in files)
    return next((one for one in candidates if one is not None), None)


def _listed(files: list[tuple[str, Attachment]], shown: Container[str], shelf: Shelf) -> tuple[Attachment, ...]:
    kept: list[Attachment] = []
    for path, one in files:
        if path in shelf.pictures and path in shown:
            continue
        if not one.url:
            kept.append(one)
            continue
        found = shelf.leads_to(path)
        if found is None:
            kept.append(one)
        elif found:
            length = shelf.pictures[path].length
            ending = found.rpartition(".")[2].upper()
            kept.append(replace(one, url=encoded(found), size=size_in_words(length), type=ending, length=length))
    return tuple(kept)
