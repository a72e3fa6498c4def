"""A signed commit of a change: written, signed by git, read back and checked as the gate will; nothing refers to it yet."""

from __future__ import annotations

from collections.abc import Callable, Mapping

from review.actions.change import Change
from review.errors import FormatError, Refused, SignatureError
from review.formats import records, statements
from review.formats.policy_files import CERTIFICATES
from review.history import openpgp_signatures, ssh_signatures
from review.history.commits import parse_commit
from review.history.objects import ObjectStore
from review.history.repository import Repository
from review.history.signatures import SSH_BEGIN
from review.history.work_tree import behind_link
from review.history.writing import Author, SigningKey, Writer
from review.messages import listed, t

Files = Mapping[str, tuple[str, bytes]]


def sign_commit(
    repository: Repository,
    store: ObjectStore,
    *,
    parent: str,
    change: Change,
    key: SigningKey,
    author: Author,
    accepts: Callable[[frozenset[str]], bool],
    certificates: Mapping[str, bytes],
) -> str:
    """Make the signed commit of a change, unreferenced yet, and check it as the gate will; `accepts` is asked for its keys."""
    for path in change.files:
        if behind_link(repository.path, path):
            raise Refused(
                t("a symbolic link leads there, so nothing is signed"), where=path, hint=t("make it a folder")
            )
    writer = Writer(repository, store)
    root = parse_commit(store.read(parent, "commit")).tree if parent else ""
    tree = writer.tree_with(root, change.files)
    commit = writer.signed_commit(tree, parent, change.message, key, author)
    made = parse_commit(store.read(commit, "commit"))
    if statements.parse(made.message) != change.statement:
        raise Refused(
            t("git changed the message on the way"), hint=t("look at git's configuration: i18n.commitEncoding")
        )
    try:
        if made.signature is None:
            raise SignatureError(made.signature_problem or t("there is none"))
        if made.signature.startswith(SSH_BEGIN):
            keys = frozenset({ssh_signatures.verify(made.signature, made.payload).fingerprint})
        else:
            keys = openpgp_signatures.verify(made.signature, made.payload, certificates)
    except SignatureError as error:
        raise Refused(
            t("the signature that git made does not hold: {what}", what=error.what),
            hint=error.hint or t("sign with another key"),
        ) from None
    if not accepts(keys):
        raise Refused(
            t("git signed with {keys}, which is not {by}'s key", keys=listed(sorted(keys)), by=change.statement.by),
            where="people.yaml",
            hint=t("sign with your own key: --key FILE"),
        )
    return commit


def certificates_from(files: Files) -> dict[str, bytes]:
    """Return the certificates among these files."""
    return {path: data for path, (_, data) in files.items() if path.startswith(CERTIFICATES)}


def outdated(mine: bytes, theirs: bytes, item: str) -> bool:
    """Tell whether a record is the other one before that grew: nothing of anybody's is in it.

    The date of handing in is `submit`'s to write, so it may differ.
    """
    try:
        old, new = (records.parse(data, item=item) for data in (mine, theirs))
    except FormatError:
        return False
    said = [entry.mirror for entry in old.sign_offs]
    before, after = ({**record.header.raw, "submitted": ""} for record in (old, new))
    return before == after and [entry.mirror for entry in new.sign_offs][: len(said)] == said
