"""What is likely to be objected to in a post's pictures and films: what they carry, kinds that no page shows. No verdict."""

from __future__ import annotations

from collections.abc import Iterator

from review.formats.camera_files import CameraFile, camera_bytes, way_out
from review.formats.pictures import in_words, picture_file
from review.messages import t
from review.model.paths import length_problem
from review.views.objections import Draft, Objection


def about_picture(draft: Draft, path: str, data: bytes) -> Iterator[Objection]:
    """Yield what is to be said of an attachment that is a picture or film, whatever it is called; nothing of other files."""
    if (other := camera_bytes(data)) is not None:
        yield from _about_camera(draft, path, other)
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


def _about_camera(draft: Draft, path: str, found: CameraFile) -> Iterator[Objection]:
    """Yield what is to be said of a TIFF, HEIC, AVIF or film."""
    told = in_words(found.carries)
    if found.cleanable:
        what = t("the film carries {what}", what=told)
        hint = t("nothing to do: it is taken out when the post is handed in; picture and sound stay as they are")
        yield draft.warn("film-cleaned", what, hint, path=path)
    elif found.withheld:
        what = t("it carries {what}, so it would not be published", what=told)
        yield Objection(code="file-telling", severity="refuse", path=path, line=0, what=what, hint=way_out(found.kind))
    elif found.kind != "film":
        what = t("it is a picture of the kind {kind}, which many browsers cannot show", kind=found.kind)
        hint = t("save it as JPEG or PNG, give that file to the post, and take this one away")
        yield draft.warn("picture-unshown", what, hint, path=path)


def about_length(path: str) -> Iterator[Objection]:
    """Yield that an attachment's path is too long to be published, where it is."""
    if what := length_problem(path):
        hint = t("give it a shorter name")
        yield Objection(code="path-long", severity="refuse", path=path, line=0, what=what, hint=hint)
