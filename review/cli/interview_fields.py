"""Ask whoever begins a post for its meta lines: those of every post, of documents, of films, of the column. Writes nothing."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field
from functools import partial

from review.cli.field_checks import Check, check_of, one_film
from review.cli.prompting import ask, ask_yes
from review.formats.index_numbers import example
from review.formats.post_keys import DOCUMENT, FILM, KEYS_OF_TYPE, PLAYED_WITH, RECORDING
from review.formats.post_values import PUBLISHABLE, RESOURCE_KINDS, VALIDITIES, resource_kind
from review.messages import either, listed, t
from review.model.columns import Column, Site

NUMBERED = "policy"
"""The type of columns whose posts are documents without being asked."""

_OF_DOCUMENTS = ("Date", "Document_number", "Index_number", "Disclosure", *DOCUMENT)
_OF_FILES = (*FILM, *RECORDING, *PLAYED_WITH)
_OF_EVERY_POST = {
    "Summary": t("Summary, one sentence for lists (may be empty)"),
    "Source": t("Source, where the text comes from (may be empty)"),
    "Author": t("Author (may be empty)"),
    "Tags": t("Tags, with commas between them (may be empty)"),
}
_PICTURES = {
    "topic": t("Picture at the head of the topic: the name of its file, such as banner.jpg (may be empty)"),
    "people": t("Portrait: the name of its file, such as portrait.jpg (may be empty)"),
}
"""What the picture of a post is, by the type of its column, where pages of that type begin with it."""

_PLAIN = {
    "topic_class": t("Topic class (主题分类), such as 科技、教育 (may be empty)"),
    "audience": t("For whom it is, with commas between, such as 青少年, 教师 (may be empty)"),
    "role": t("What the person is, such as 高级农艺师 (may be empty)"),
    "field": t("What the person's field is, such as 果树栽培 (may be empty)"),
}


@dataclass(frozen=True, slots=True, kw_only=True)
class _Asking:
    """What is being asked for: the column, the site, what was said beforehand by lower-case key, and the answers so far."""

    column: Column
    site: Site
    given: Mapping[str, str]
    answers: dict[str, str] = field(default_factory=dict)

    def ask(self, key: str, question: str, check: Check | None = None) -> str:
        """Return what a line says: as it was said beforehand, else the answer, which is kept once it can be right."""
        if key.lower() in self.given:
            return self.given[key.lower()]
        if said := ask(question, check=check or check_of(key, self.site)):
            self.answers[key] = said
        return said

    def lists(self, key: str) -> bool:
        """Tell whether the column lists a key."""
        return key.lower() in {one.lower() for one in self.column.metadata}


def fields_asked(column: Column, site: Site, given: Mapping[str, str]) -> dict[str, str]:
    """Return the meta lines that were asked for and answered. What was `given` is not asked for."""
    asking = _Asking(column=column, site=site, given={key.lower(): value for key, value in given.items()})
    for key, question in _OF_EVERY_POST.items():
        asking.ask(key, question)
    if picture := _PICTURES.get(column.type):
        asking.ask("Image", picture)
    documents = DOCUMENT[0] in KEYS_OF_TYPE.get(column.type, ())
    if column.type == NUMBERED or (documents and any(map(asking.lists, DOCUMENT)) and _is_document()):
        _document(asking)
    for key in column.metadata:
        if key.lower() not in {one.lower() for one in (*_OF_DOCUMENTS, *_OF_FILES)}:
            _own(asking, key)
    _films(asking)
    return asking.answers


def _is_document() -> bool:
    return ask_yes(t("Is it an official document, with a number or an issuing body?"), default=False)


def _document(asking: _Asking) -> None:
    """Ask for the block of a document; of what only some columns list, for that."""
    asking.ask("Date", t("Day of the document, such as 2026-11-20 (may be empty)"))
    asking.ask("Document_number", t("Document number, such as 市科协发〔2026〕1号 (may be empty)"))
    model = example(asking.site.index_number)
    question = (
        t("Index number (索引号), such as {example} (may be empty)", example=model)
        if model
        else t("Index number (索引号), may be empty")
    )
    asking.ask("Index_number", question)
    asking.ask("Disclosure", t("To whom it is open (公开属性): {known} (may be empty)", known=PUBLISHABLE))
    for key in DOCUMENT:
        if asking.lists(key):
            _own(asking, key)


def _own(asking: _Asking, key: str) -> None:
    """Ask for a key that the column lists, in words where it is one that has a meaning."""
    match key.lower():
        case "issuer":
            organiser = asking.site.organiser or "市科学技术协会"
            asking.ask(key, t("Issuing body (发文机关), such as {example} (may be empty)", example=organiser))
        case "validity":
            question = t(
                "Whether it is in force (有效性), such as {example} (may be empty)", example=either(VALIDITIES[:1])
            )
            asking.ask(key, question)
        case "asked":
            asking.ask(key, t("Day on which the question came, such as 2026-11-20 (may be empty)"))
        case "resource_kind":
            known = listed(t("{kind} or {name}", kind=kind, name=name) for kind, name in RESOURCE_KINDS.items())
            asking.ask(key, t("What kind of resource it is: {known} (may be empty)", known=known))
        case name:
            asking.ask(key, _PLAIN.get(name) or t("{key} (may be empty)", key=key))


def _films(asking: _Asking) -> None:
    """Ask for one film or, where there is none, one recording, and what goes with it. Resources of other kinds have neither."""
    said = asking.answers.get("Resource_kind") or asking.given.get("resource_kind", "")
    kind = resource_kind(said)
    film = recording = ""
    if asking.lists("Video") and kind in ("", "video"):
        question = t(
            "Film: the name of its file, to be put into the folder beside the post, or its https address (may be empty)"
        )
        film = asking.ask("Video", question, partial(one_film, "video", site=asking.site))
        _digest(asking, "Video_digest", film)
    if asking.lists("Audio") and not film and kind in ("", "audio"):
        question = t(
            "Recording: the name of its file, to be put into the folder beside the post, or its https address "
            "(may be empty)"
        )
        recording = asking.ask("Audio", question, partial(one_film, "audio", site=asking.site))
        _digest(asking, "Audio_digest", recording)
    if not (film or recording):
        return
    if film and asking.lists("Poster"):
        question = t("Picture before the film begins: the name of its file, such as poster.jpg (may be empty)")
        asking.ask("Poster", question)
    if asking.lists("Captions"):
        question = t("Captions: the name of their WebVTT file, such as captions.vtt (may be empty)")
        asking.ask("Captions", question)
    if asking.lists("Duration"):
        asking.ask("Duration", t("How long it is, such as 00:04:10 (may be empty)"))


def _digest(asking: _Asking, key: str, name: str) -> None:
    """Ask for the digest of a file that lies elsewhere; one beside the post needs none."""
    if "://" in name and asking.lists(key):
        question = t("Its digest: what this prints for your own copy: sha256sum FILE (may be empty)")
        asking.ask(key, question)
