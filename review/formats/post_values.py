"""What some meta lines can say: the values that pages, the renderer and `qianfa check` know. Reads no post."""

from __future__ import annotations

import re
from collections.abc import Mapping

from review.model.paths import POST_SUFFIX, column_of

DISCLOSURES = ("主动公开", "依申请公开", "不予公开")
"""What `Disclosure` (公开属性) can say."""

PUBLISHABLE = "主动公开"
"""The one of them that a page which everyone can read may say."""

_CLOSED = ("不予公开", "不公开", "依申请")

VALIDITIES = (
    "有效", "现行有效", "继续有效", "部分有效", "已修改", "修改", "废止", "已废止", "失效", "已失效", "宣布失效",
)  # fmt: skip
"""What `Validity` (有效性) can say."""

RESOURCE_KINDS: Mapping[str, str] = {
    "text": "文字",
    "picture": "图片",
    "video": "视频",
    "poster": "海报",
    "audio": "音频",
}
"""What `Resource_kind` can say, and the name that pages show; either may be written."""

DURATION = re.compile("[0-9]{2}:[0-5][0-9]:[0-5][0-9]")
"""How long a film or recording is: hours, minutes, seconds."""

_TYPED_DURATION = re.compile(r"(?:([0-9]{1,2})[:：时]|([0-9]{1,2})小时)?([0-9]{1,2})[:：分]([0-9]{1,2})秒?", re.ASCII)
_VOID = ("废止", "失效")
_CHANGED = "修改"


def is_closed(disclosure: str) -> bool:
    """Tell whether a `Disclosure` says that the document is not for everyone, in whichever words."""
    said = "".join(disclosure.split())
    return any(word in said for word in _CLOSED)


def resource_kind(value: str) -> str:
    """Return the kind that a `Resource_kind` names, in either spelling and any letter case; empty where it is none."""
    said = value.strip().casefold()
    return next((kind for kind, name in RESOURCE_KINDS.items() if said in (kind, name)), "")


def is_void(validity: str) -> bool:
    """Tell whether a document says of itself that it is no longer in force."""
    return any(word in validity for word in _VOID)


def is_marked(validity: str) -> bool:
    """Tell whether lists must say beside a document's title how it stands: it is void, or was changed."""
    return is_void(validity) or _CHANGED in validity


def duration_typed(text: str) -> str:
    """Return what somebody typed as a duration, such as `4:10`, as it is written; as it is where it says none."""
    found = _TYPED_DURATION.fullmatch(text.strip())
    if found is None:
        return text.strip()
    written = f"{int(found[1] or found[2] or 0):02}:{int(found[3]):02}:{int(found[4]):02}"
    return written if DURATION.fullmatch(written) else text.strip()


def related_items(name: str, item: str) -> tuple[str, ...]:
    """Return the posts that an entry of `Related` can mean, the likeliest first. `item` is the post that has it."""
    places = (name, f"content/{name}", f"content/{column_of(item)}/{name}")
    return tuple(path for place in places for path in (place, f"{place}{POST_SUFFIX}"))
