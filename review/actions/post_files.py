"""A post's files on their way into a commit: cleaned, dated, compared. Nothing is written here."""

from __future__ import annotations

import datetime as dt
from collections.abc import Mapping
from contextlib import suppress

from review.errors import Refused
from review.formats import records
from review.formats.camera_files import cleaned_file
from review.formats.clean_post import clean_post
from review.formats.post_text import has_text, meta_lines
from review.gate.bench import Bench
from review.gate.versions import Story
from review.history.work_tree import snapshot_of
from review.model.evidence import Snapshot
from review.model.paths import attachments_of, record_of

Files = Mapping[str, tuple[str, bytes]]


def signable(item: str, files: Files) -> Snapshot:
    """Return what these files are, as the gate will see them; `Refused` where they are nothing that can be signed."""
    snapshot = snapshot_of(item, files)
    if not snapshot.manifest:
        first = snapshot.problems[0]
        raise Refused(first.message, where=first.path or item, hint=first.hint)
    return snapshot


def differing(one: Files, other: Files) -> list[str]:
    """Return the paths at which two sets of files differ."""
    return sorted(path for path in {*one, *other} if one.get(path) != other.get(path))


def dated(item: str, files: Files, at: dt.datetime) -> dict[str, tuple[str, bytes]]:
    """Return the files with today's date in the record as that of handing in."""
    result = dict(files)
    path = record_of(item)
    if path in result:
        mode, data = result[path]
        today = b"submitted: " + at.date().isoformat().encode()
        lines = data.split(b"\n")
        lines = [today if line.startswith(b"submitted: ") and b"#" not in line else line for line in lines]
        result[path] = (mode, b"\n".join(lines))
    return result


def cleaned(item: str, files: Files) -> dict[str, tuple[str, bytes]]:
    """Return the files freed of what cannot be seen: in the text, as authors paste it, and beside what pictures and films show.

    Pixels and sounds stay as they are to the last; what goes is where, when and with what they were taken, and the like.
    """
    folder = attachments_of(item)
    result = {
        path: (mode, cleaned_file(data) if path.startswith(folder) else data) for path, (mode, data) in files.items()
    }
    if item in result:
        mode, data = result[item]
        with suppress(UnicodeDecodeError):  # the gate says what is wrong with it
            result[item] = (mode, clean_post(data))
    return result


def is_empty(item: str, files: Files) -> bool:
    """Tell whether a post would show nothing but its title: no text, no picture, no other file."""
    text = files[item][1].decode("utf-8", "replace")
    if has_text(text) or any(path.startswith(attachments_of(item)) for path in files):
        return False
    return not any(key == "image" and value for _, key, value in meta_lines(text))


def record_again(bench: Bench, story: Story, header: dict[str, str]) -> bytes:
    """Return the record of an item as its statements make it, for one that is gone."""
    record = records.serialise_header(header)
    generation = bench.evidence.graph.generation
    for signed in sorted(story.known.values(), key=lambda one: generation(one.commits[0][0])):
        record = records.append(record, signed.statement)
    return record
