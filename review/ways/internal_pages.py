"""The organisation's own pages beside a build: the duty table as a page, as JSON and as a calendar. Never in the output."""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from contextlib import contextmanager
from pathlib import Path

from review import pipeline
from review.formats.calendars import duty_calendar
from review.formats.documents import document
from review.formats.duty_limits import duty_limits
from review.release.swap import check_replaceable, replacing
from review.render.internal import duty_page
from review.views.duty import duty_table
from review.ways.places import check_private


def check_internal(site: Path, output: Path, folder: Path) -> None:
    """Raise `QianfaError` where internal pages must not be written: where others see them, or over what we did not make."""
    check_private(site, output, folder)
    check_replaceable(folder)


@contextmanager
def internal_pages(session: pipeline.Session, options: pipeline.GateOptions, folder: Path | None) -> Iterator[None]:
    """Write the pages of a judged site beside `folder`, which they replace in one step once the block ended well."""
    if folder is None:
        yield
        return
    pages = internal_files(session, options)
    with replacing(folder) as staging:
        for name, data in pages.items():
            (staging.site / name).write_bytes(data)
        yield


def internal_files(session: pipeline.Session, options: pipeline.GateOptions) -> Mapping[str, bytes]:
    """Return the files by name: the same commit and options give the same bytes."""
    table = duty_table(session.report, pipeline.bench_of(session, options), duty_limits())
    return {
        "duty.html": duty_page(table).encode(),
        "duty.json": document("duty", table).encode(),
        "duty.ics": duty_calendar(table),
    }
