"""Write a post's chain for outsiders: all it takes to check the page's source offline. Reads nothing, judges nothing.

The document is `<stem>.chain.json` beside the page. Whoever has it and `ssh-keygen` needs neither network nor Qianfa:

1. *The text is what was signed.* The SHA-256 of `source.text` (UTF-8) stands in the line of `manifest.text` that ends
   in `source.path`; attachments are downloaded from beside the page and compared with the other lines. A picture that
   was signed with a place or a name in it is not there: pages show copies of it.
2. *The header is what was signed.* The SHA-256 of `header.text` stands in the manifest's second line.
3. *The manifest has the digest people signed.* `sha256:` and the SHA-256 of `manifest.text` is `manifest.digest`, and
   the line `manifest:` of the last statement. (Where a stage may amend the text, statements before it name another.)
4. *The statements hang together.* Each one's line `previous:` is the `digest` of the one before, and that is `sha256:`
   and the SHA-256 of its `statement` text.
5. *The statements are signed.* Decode the `raw` of a commit (base64). What follows its first empty line is the
   statement, byte for byte. Its header `gpgsig` (later lines are indented by one space) is the signature; the commit
   without that header is what was signed: `ssh-keygen -Y verify -f allowed -I <by> -n git -s signature < payload`,
   where `allowed` holds `<by> <key>` for each of `people.<by>.keys`. OpenPGP: import the key, then
   `gpg --verify signature payload`.
6. *The keys are theirs.* That is the policy's to say: `policy` names its version and manifest digest. Compare the keys
   with `people.yaml` of that version, in the site's repository, or ask the people themselves.
"""

from __future__ import annotations

import base64
import hashlib
import json
from collections.abc import Mapping
from dataclasses import dataclass

from review.errors import FormatError
from review.messages import t
from review.model.digests import digest_of

VERSION = 1


@dataclass(frozen=True, slots=True, kw_only=True)
class SignedCommit:
    """One commit with a statement: its id, its bytes (`git cat-file commit`), the fingerprints that signed it."""

    id: str
    raw: bytes
    keys: tuple[str, ...]


@dataclass(frozen=True, slots=True, kw_only=True)
class SignOffEvidence:
    """One sign-off: stage, the stage's title, who signed, the statement, and every commit that carries it.

    `stands_in` says that the person held the stage's office for somebody else.
    """

    stage: str
    title: str
    by: str
    statement: bytes
    commits: tuple[SignedCommit, ...]
    signatory: str = ""
    stands_in: bool = False


@dataclass(frozen=True, slots=True, kw_only=True)
class ChainEvidence:
    """What proves one version of one post. `header` is the canonical one; `keys` are public keys by person."""

    site: str
    item: str
    version: int
    header: bytes
    manifest: bytes
    source: bytes
    sign_offs: tuple[SignOffEvidence, ...]
    names: Mapping[str, str]
    keys: Mapping[str, tuple[str, ...]]
    policy_version: int
    policy_manifest: str


def chain_document(evidence: ChainEvidence) -> bytes:
    """Return the chain as JSON; the same evidence gives the same bytes. `FormatError` where a text is not UTF-8."""
    document = {
        "chain": VERSION,
        "site": evidence.site,
        "item": evidence.item,
        "version": evidence.version,
        "header": _text(evidence.header, evidence.item),
        "manifest": {"digest": digest_of(evidence.manifest), "text": evidence.manifest.decode()},
        "source": {"path": evidence.item, **_text(evidence.source, evidence.item)},
        "sign_offs": [_sign_off(one, evidence.item) for one in evidence.sign_offs],
        "people": {
            person: {"name": evidence.names.get(person, ""), "keys": list(keys)}
            for person, keys in sorted(evidence.keys.items())
        },
        "policy": {"version": evidence.policy_version, "manifest": evidence.policy_manifest},
    }
    return (json.dumps(document, sort_keys=True, ensure_ascii=False, indent=1) + "\n").encode()


def _sign_off(one: SignOffEvidence, item: str) -> dict[str, object]:
    fields: dict[str, object] = {
        "stage": one.stage,
        "title": one.title,
        "by": one.by,
        "signatory": one.signatory,
        "statement": _text(one.statement, item)["text"],
        "digest": digest_of(one.statement),
        "commits": [
            {"id": commit.id, "keys": sorted(commit.keys), "raw": base64.b64encode(commit.raw).decode()}
            for commit in sorted(one.commits, key=lambda commit: commit.id)
        ],
    }
    return fields | ({"stands_in": True} if one.stands_in else {})


def _text(data: bytes, item: str) -> dict[str, str]:
    try:
        return {"sha256": hashlib.sha256(data).hexdigest(), "text": data.decode()}
    except UnicodeDecodeError as error:
        raise FormatError(t("not UTF-8 at byte {number}", number=error.start), where=item) from None
