"""Write the papers that stay inside the organisation with templates of our own: every undefined name is an error."""

from __future__ import annotations


def paper(template: str, **values: object) -> str:
    """Return one of the program's own templates, filled in."""
    from jinja2 import Environment, PackageLoader, StrictUndefined  # noqa: PLC0415  # most commands write no paper

    environment = Environment(
        loader=PackageLoader("review.render"),
        autoescape=True,
        undefined=StrictUndefined,
        trim_blocks=True,
        lstrip_blocks=True,
        keep_trailing_newline=True,
    )
    return environment.get_template(template).render(**values)
