"""What a path of a site may look like, which zone it belongs to and which item. Strings only; no file is touched."""

from __future__ import annotations

import re
import unicodedata
from typing import Literal, TypeAlias

from review.messages import Message, t

POLICY = "policy"
"""The name of the one item that is not a post."""

POLICY_RECORD = "policy.review.yaml"
RECORD_SUFFIX = ".review.yaml"
POST_SUFFIX = ".md"
MAX_COMPONENT_BYTES = 255
MAX_PUBLISHED_BYTES = 1_000
"""Bytes of an attachment's path that is published. Systems end at 4,096 with the way to the output, some at 1,024."""

RESERVED_STEMS = frozenset({"index", "page"})
"""Stems whose pages would take the place of a column's own (`<column>/index.html`, `<column>/page/2.html`)."""

RESERVED_ENDINGS = (".html", ".chain.json")
"""Endings of stems whose attachments' folder would take the place of another post's page or chain."""

Zone: TypeAlias = Literal["content", "policy", "record"]
Content: TypeAlias = Literal["post", "record", "other"]

IDENTIFIER = re.compile(r"[a-z0-9][a-z0-9_-]{0,63}")
_PLAIN_PATH = re.compile(r"[A-Za-z0-9_-]+(?:[./][A-Za-z0-9_-]+)*")
_FORBIDDEN_CATEGORIES = frozenset({"Cc", "Cf", "Cs", "Zl", "Zp"})


def path_problem(path: str) -> str:
    """Say what section 2 of the format has against `path`; the empty string where it has nothing."""
    if _PLAIN_PATH.fullmatch(path) and len(path) <= MAX_COMPONENT_BYTES and ".git" not in path.lower():
        return ""
    for component in path.split("/"):
        if component in ("", ".", ".."):
            return t("the component {component} is not allowed", component=repr(component))
        if component.casefold() == ".git":
            return t("a component is named .git")
        if component[-1] in ". ":
            return t("the component {component} ends in a dot or a space", component=repr(component))
        if len(component.encode("utf-8", "surrogatepass")) > MAX_COMPONENT_BYTES:
            return t("a component is longer than {most} bytes", most=MAX_COMPONENT_BYTES)
    for character in path:
        if unicodedata.category(character) in _FORBIDDEN_CATEGORIES:
            return t("it holds the invisible or control character U+{number:04X}", number=ord(character))
    if unicodedata.normalize("NFC", path) != path:
        return t("it is not in Unicode normal form NFC")
    return ""


def length_problem(path: str) -> Message | None:
    """Say why a file is not published because of its path's length; None where it may be as long as that."""
    length = len(path.encode("utf-8", "surrogatepass"))
    if length <= MAX_PUBLISHED_BYTES:
        return None
    return t("its path has {length} bytes; at most {most} can be published", length=length, most=MAX_PUBLISHED_BYTES)


CONTENT_ZONE = ("content/", "evidence/")


def zone_of(path: str) -> Zone:
    """Return the zone of a path; the policy's own record belongs to none and is called `record`."""
    if path == POLICY_RECORD:
        return "record"
    return "content" if path.startswith(CONTENT_ZONE) else "policy"


def content_kind(path: str) -> Content:
    """Tell a post and a record under `content/` by their names alone; everything else is `other`."""
    parts = path.split("/")
    if parts[0] == "content" and len(parts) >= 3:
        if path.endswith(RECORD_SUFFIX) and len(parts[-1]) > len(RECORD_SUFFIX):
            return "record"
        if path.endswith(POST_SUFFIX) and len(parts[-1]) > len(POST_SUFFIX):
            return "post"
    return "other"


def is_item(name: str) -> bool:
    """Tell whether `name` can name an item: `policy`, or the well-formed path of a post."""
    return name == POLICY or (content_kind(name) == "post" and not path_problem(name))


def record_of(item: str) -> str:
    """Return the path of an item's record."""
    return POLICY_RECORD if item == POLICY else item[: -len(POST_SUFFIX)] + RECORD_SUFFIX


def post_of(record: str) -> str:
    """Return the path of the post whose record this is."""
    return record[: -len(RECORD_SUFFIX)] + POST_SUFFIX


def attachments_of(item: str) -> str:
    """Return the folder of a post's attachments, with its final slash."""
    return item[: -len(POST_SUFFIX)] + "/"


def column_of(item: str) -> str:
    """Return the id of the column a post stands in, such as `popular-science/activities`."""
    return item[len("content/") : item.rindex("/")]


def stem_of(item: str) -> str:
    """Return a post's file name without its ending."""
    return item[item.rindex("/") + 1 : -len(POST_SUFFIX)]
