"""Read the chain documents that stand beside pages, `*.chain.json`: what they say, not whether their signatures hold."""

from __future__ import annotations

import json
import re
from collections.abc import Mapping
from typing import Any

from review.formats.statements import parse
from review.inspection.records import Chain, ChainLink
from review.messages import t

SUFFIX = ".chain.json"

_TITLE = re.compile(r"(?i)^title[ \t]*:[ \t]*(\S.*)$", re.MULTILINE)
_FILE = re.compile(r"file [0-7]{6} ([0-9a-f]{64}) \d+ (.+)")
_FOLDER = "content/"


def read_chain(path: str, data: bytes) -> Chain:
    """Return what a chain document says; one that says nothing readable has a `fault`."""
    stem = path.removesuffix(SUFFIX)
    page, folder = f"{stem}.html", f"{stem}/"
    try:
        found = json.loads(data.decode("utf-8"))
        header = json.loads(found["header"]["text"])
        source = found["source"]
        return Chain(
            path=path,
            page=page,
            folder=folder,
            version=int(found["version"]),
            classified=str(header.get("classified", "")),
            title=_title(str(source["text"])),
            manifest=str(found["manifest"]["digest"]),
            manifest_text=str(found["manifest"]["text"]),
            source_path=str(source["path"]),
            source_text=str(source["text"]),
            files=_files(str(found["manifest"]["text"])),
            links=tuple(_link(one) for one in found["sign_offs"]),
        )
    except (ValueError, KeyError, TypeError, AttributeError, RecursionError):
        return Chain(path=path, page=page, folder=folder, fault=t("it is no chain document"))


def published_path(path: str) -> str:
    """Return where a file of a manifest is published."""
    return path.removeprefix(_FOLDER)


def _title(source: str) -> str:
    head = source.removeprefix("---\n").partition("\n\n")[0]
    found = _TITLE.search(head)
    return found[1].rstrip(" \t") if found else ""


def _files(manifest: str) -> dict[str, str]:
    return {found[2]: found[1] for line in manifest.splitlines() if (found := _FILE.fullmatch(line))}


def _link(one: Mapping[str, Any]) -> ChainLink:
    text = str(one["statement"])
    return ChainLink(
        stage=str(one["stage"]),
        person=str(one.get("signatory") or one["by"]),
        on_paper=bool(one.get("signatory")),
        digest=str(one["digest"]),
        text=text,
        statement=parse(text.encode()),
    )
