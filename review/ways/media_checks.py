"""Whether the films and recordings of a post can be had: what check objects to, and what handing in asks servers for."""

from __future__ import annotations

from collections.abc import Callable

from review.actions.media import Files, PostMedia, line_of, media_in
from review.actions.post_files import cleaned
from review.errors import Refused
from review.formats.camera_files import CameraFile, way_out
from review.formats.pictures import in_words
from review.history.repository import Repository
from review.messages import t
from review.model.policies import Policy
from review.views.objections import Draft, Objection
from review.ways.external_files import ExternalFiles
from review.ways.patience import SUBMITTING, Unavailable


def look_at_media(item: str, files: Files, policy: Policy | None) -> PostMedia:
    """Return the films and recordings of a post in the work tree, as they will be once its text is cleaned."""
    return media_in(item, cleaned(item, files), policy) if policy is not None else PostMedia()


def about_media(draft: Draft, found: PostMedia) -> list[Objection]:
    """Return what there is against the films and recordings of a post. No server is asked: hooks wait for this."""
    data = draft.text.encode("utf-8", "surrogatepass")
    objections = [
        Objection(
            code="media-invalid",
            severity="refuse",
            path=draft.item,
            line=line_of(problem.key, data),
            what=problem.what,
            hint=problem.hint,
        )
        for problem in found.problems
    ]
    told = {problem.key for problem in found.problems}
    if "captions" not in told and any(one.kind == "video" and not one.captions for one in found.media):
        what = t("a film without captions says nothing to those who cannot hear it")
        hint = t("add a WebVTT file to the post's folder, and a line such as Captions: captions.vtt")
        objections.append(draft.warn("captions-missing", what, hint, line=draft.line_of("video")))
    return objections


def refuse_unavailable(
    repository: Repository, policy: Policy, item: str, files: Files, tell: Callable[[str], None] = lambda address: None
) -> None:
    """Raise `Refused` unless every file outside that a post names is there, with the digest that the post gives.

    What is fetched is kept for the preview and the build. `tell` is called with each address before it is asked for.
    """
    outside = ExternalFiles(repository, policy.columns.site.media, SUBMITTING)
    for one in media_in(item, files, policy).media:
        for source in one.files:
            if source.address:
                tell(source.address)
                try:
                    outside.check(source.address, source.sha256)
                    look = outside.look(source.sha256)
                except Unavailable as error:
                    line = line_of(one.kind, files[item][1])
                    raise Refused(error.what, where=f"{item}:{line}" if line else item, hint=error.hint) from None
                if look and look.withheld:
                    raise _telling(item, line_of(one.kind, files[item][1]), source.address, look)


def _telling(item: str, line: int, address: str, found: CameraFile) -> Refused:
    what = t("{address} carries {what}", address=address, what=in_words(found.carries))
    hint = t("{way}; then put that file there, and give its digest", way=way_out(found.kind))
    return Refused(what, where=f"{item}:{line}" if line else item, hint=hint)
