"""Papers that stay inside the organisation, as HTML pages of their own: no script, nothing fetched, same table, same bytes."""

from __future__ import annotations

from jinja2 import Environment, PackageLoader, StrictUndefined

from review.model.duties import DutyTable


def duty_page(table: DutyTable) -> str:
    """Return the page of a duty table: Chinese, marked as internal, for a screen of any width or for A4."""
    environment = Environment(
        loader=PackageLoader("review.render"),
        autoescape=True,
        undefined=StrictUndefined,
        trim_blocks=True,
        lstrip_blocks=True,
        keep_trailing_newline=True,
    )
    return environment.get_template("duty.html").render(table=table)
