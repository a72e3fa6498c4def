"""What a new site begins with: the sample's columns, workflows and theme, and people of its own. Nothing is written here."""

from __future__ import annotations

import json
import re
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from typing import Any

from review.errors import FormatError, Refused
from review.formats.schema import check
from review.formats.strict_yaml import load
from review.messages import t
from review.model.paths import IDENTIFIER

GITIGNORE = b"/output/\n/public/\n.venv/\n__pycache__/\n"

_SITE_ID = re.compile(rb"^(site:\s*\{?\s*(?:#[^\n]*\s+)*id:\s*)([a-z0-9_-]+)", re.MULTILINE)
_SITE_BLOCK = re.compile(rb"^site:[ ]*\n(?:[ ]+.*\n|#.*\n)*", re.MULTILINE)
_WHO_RUNS_IT = re.compile(
    rb"^[ ]+(?:description|keywords|organiser|operator|phone|email|address|postcode|id_code|icp|police|badge|corrections"
    rb"|index_number): .*\n",
    re.MULTILINE,
)
_PLACEHOLDERS = re.compile(rb"^[ ]+#[^\n]*placeholders[^\n]*\n", re.MULTILINE)
_URL = re.compile(rb"^[ ]+url: https://example\.org\n", re.MULTILINE)
_LANGUAGE = re.compile(rb"^[ ]+language: .*\n", re.MULTILINE)
_TO_FILL_IN = """\
  # Who runs the site: the foot of every page says so, and inspectors look for it. Take the # away and put in your own.
  # description: 一句话说明这是什么网站。
  # keywords: [科普, 科协]
  # organiser: 示例科学技术协会        # 主办单位
  # operator: 示例信息中心             # 承办单位
  # phone: 0917-0000000
  # email: website@example.org
  # address: 示例路1号
  # postcode: "721000"
  # id_code: "6103000000"              # 网站标识码: ten digits, or bm and eight
  # icp: 陕ICP备00000000号
  # police: 陕公网安备00000000000000号
  # badge: https://bszs.conac.cn/sitename?method=show&id=0   # 党政机关标识
  # corrections: mailto:website@example.org                  # where readers report errors
  # index_number: ^SK\\d{7}-\\d{4}-\\d{2,}$                     # what an 索引号 looks like with you
""".encode()
_YOUR_ADDRESS = b"  # The address that readers type. Put in yours: links in feeds and the sitemap begin with it.\n"
_SITE_TITLE = re.compile(rb"^(site:.*?\btitle:\s*)([^,\n}]+)", re.MULTILINE | re.DOTALL)


@dataclass(frozen=True, slots=True, kw_only=True)
class Role:
    """Somebody of the people to write down: id, name, offices as texts, public keys as texts."""

    id: str
    name: str
    offices: Sequence[str]
    keys: Sequence[str]


def people_file(
    units: Mapping[str, tuple[str, str]], people: Sequence[Role], administrators: Sequence[str], needs: int
) -> bytes:
    """Return people.yaml: units as id to (title, group), people with their keys, and the administrators."""
    lines = [
        "# Who is who here, and whose key is whose. A change is in force once the administrators have signed it:",
        "# qianfa policy sign",
        f"administrators: {{needs: {needs}, people: [{', '.join(administrators)}]}}",
        "units:",
        *(f"  {id}: {{title: {_text(title)}, group: {group}}}" for id, (title, group) in units.items()),
        "people:",
    ]
    for role in people:
        lines += [f"  {role.id}:", f"    name: {_text(role.name)}", f"    offices: [{', '.join(role.offices)}]"]
        lines += ["    keys:", *(f"    - {key}" for key in role.keys)] if role.keys else ["    keys: []"]
    return ("\n".join(lines) + "\n").encode()


def sample_units(people: bytes) -> dict[str, tuple[str, str]]:
    """Return the units of a people.yaml: id to (title, group)."""
    return {id: (str(unit["title"]), str(unit["group"])) for id, unit in _people(people)["units"].items()}


def sample_roles(people: bytes, keys: Mapping[str, str]) -> list[Role]:
    """Return the people of a people.yaml who have a key in `keys` (person to public key), with that key."""
    return [
        Role(id=id, name=str(person["name"]), offices=tuple(person["offices"]), keys=(keys[id],))
        for id, person in _people(people)["people"].items()
        if id in keys
    ]


def id_of(columns: bytes) -> str:
    """Return the id of the site that a columns.yaml is of; empty where it cannot be found."""
    found = _SITE_ID.search(columns)
    return found[2].decode() if found else ""


def named_columns(columns: bytes, site_id: str, title: str) -> bytes:
    """Return columns.yaml with the site's id and, where given, its title set; all else stays byte for byte.

    A site with another id than the file's is another organisation's: instead of the lines that say who runs the site there are
    comments then, ready to be filled in.
    """
    if not IDENTIFIER.fullmatch(site_id):
        raise Refused(t("{id} is not an id", id=repr(site_id)), where="--site-id", hint=t("use a-z, 0-9 and hyphens"))
    if id_of(columns) not in ("", site_id):
        columns = _SITE_BLOCK.sub(lambda block: _to_fill_in(block[0]), columns, count=1)
    changed = _SITE_ID.sub(lambda found: found[1] + site_id.encode(), columns, count=1)
    if title:
        changed = _SITE_TITLE.sub(lambda found: found[1] + _text(title).encode(), changed, count=1)
    try:
        columns_now = load(changed)
    except FormatError as error:
        raise error.at("columns.yaml") from None
    site = columns_now.get("site") if isinstance(columns_now, dict) else None
    if not isinstance(site, dict) or site.get("id") != site_id or (title and site.get("title") != title):
        raise Refused(
            t("the site's id and title could not be set"),
            where="columns.yaml",
            hint=t("write them there yourself, and run it again"),
        )
    return changed


def _to_fill_in(block: bytes) -> bytes:
    """Return the lines about the site without those that say who runs it, and with comments in their place."""
    plain = _PLACEHOLDERS.sub(b"", _WHO_RUNS_IT.sub(b"", block))
    plain = _URL.sub(lambda line: _YOUR_ADDRESS + line[0], plain, count=1)
    return _LANGUAGE.sub(lambda line: line[0] + _TO_FILL_IN, plain, count=1)


def _people(data: bytes) -> dict[str, Any]:
    """Return what a people.yaml says, which has the right shape; its rules are the gate's."""
    try:
        return dict(check("people", load(data), data))
    except FormatError as error:
        raise error.at("people.yaml") from None


def _text(text: str) -> str:
    plain = re.fullmatch(r"\w[\w（）()·\- ]*", text) and text == text.strip()
    return text if plain else json.dumps(text, ensure_ascii=False)
