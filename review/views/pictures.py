"""What is likely to be objected to in a post's picture files: what they carry besides, kinds that no page shows. No verdict."""

from __future__ import annotations

from collections.abc import Iterator

from review.formats.pictures import in_words, picture_file, unshown_kind
from review.messages import t
from review.views.objections import Draft, Objection


def about_picture(draft: Draft, path: str, data: bytes) -> Iterator[Objection]:
    """Yield what is to be said of an attachment that is a picture, whatever it is called; nothing of other files."""
    if kind := unshown_kind(data):
        what = t(
            "it is a picture of the kind {kind}: many browsers cannot show it, and where and when it was taken stays in it",
            kind=kind,
        )
        hint = t("save it as JPEG or PNG, give that file to the post, and take this one away")
        yield draft.warn("picture-unshown", what, hint, path=path)
        return
    found = picture_file(data)
    if found is None:
        return
    if found.carries and found.bare is not None:
        what = t("the picture carries {what}", what=in_words(found.carries))
        hint = t("nothing to do: it is taken out when the post is handed in; the picture stays as it is")
        yield draft.warn("picture-cleaned", what, hint, path=path)
    elif found.carries:
        what = t("the picture carries {what}, and is too broken to have it taken out", what=in_words(found.carries))
        yield draft.warn("picture-broken", what, t("save the picture again, or take the file away"), path=path)
    elif found.bare is None or not found.whole:
        what = t("only part of the picture is there")
        yield draft.warn("picture-broken", what, t("copy the file once more from where it came"), path=path)
