"""What reading a theme shows to be broken is said with its place, and nothing of the theme is run for that."""

from __future__ import annotations

import importlib.util
import subprocess
import sys
from pathlib import Path

import pytest
from live_sets import SiteUnderTest, sample_policy

from review.model.cautions import Caution
from review.render.rendering import RenderingFailed
from review.render.theme_check import theme_cautions

UNSEEN = "nothing of these blocks is shown, for no template that it builds on has them"
OWN = "theme/overrides/templates/"
ARTICLE = f"{OWN}article.html"


def cautions(**files: str) -> list[Caution]:
    """Return what is wrong with the sample's theme once these templates of one's own are there."""
    return list(
        theme_cautions({**sample_policy(), **{f"{OWN}{name}.html": text.encode() for name, text in files.items()}})
    )


def told(found: list[Caution]) -> list[tuple[str, str, bool]]:
    return [(one.where, str(one.what), one.stops) for one in found]


def test_the_sample_s_theme_is_in_order() -> None:
    assert cautions() == []


@pytest.mark.parametrize(
    ("text", "line", "says"),
    [
        ("one\n{{ super() }<p>", 2, "the template cannot be read: unexpected '}'"),
        ("{% block x %}", 1, "the template cannot be read: Unexpected end of template"),
        ("{% nothing %}", 1, "the template cannot be read: Encountered unknown tag 'nothing'"),
        ('\n{% extends "!theme/artikel.html" %}', 2, "no template is called !theme/artikel.html"),
        ('{% include "_nothing.html" %}', 1, "no template is called _nothing.html"),
        ('{% import "_nothing.html" as x %}', 1, "no template is called _nothing.html"),
        ('{% from "_nothing.html" import x %}', 1, "no template is called _nothing.html"),
        ('{% include ["a.html", "b.html"] %}', 1, "no template is called a.html"),
        ("{{ article.title|uper }}", 1, "no filter is called uper"),
        ("{{ article is vod }}", 1, "no test is called vod"),
        ("{% block x %}{% endblock %}\n{% block x %}{% endblock %}", 2, "the block x stands here twice"),
    ],
)
def test_a_template_that_no_page_could_be_made_with_is_named_with_its_line(
    text: str, line: int, says: str, tmp_path: Path
) -> None:
    """And it is true: a build ends with it, and names the template first."""
    found = [one for one in cautions(article=text) if one.stops]
    assert [one.where for one in found] == [f"{ARTICLE}:{line}"]
    assert found[0].what.startswith(says)
    site = SiteUnderTest()
    site.add("content/news/a.md")
    site.policy[ARTICLE] = text.encode()
    with pytest.raises(RenderingFailed) as failure:
        site.build(tmp_path / "output")
    assert failure.value.where.startswith(f"{ARTICLE}:")
    assert failure.value.hint.endswith("and sign: qianfa policy sign")
    assert "content/news/a.md" not in failure.value.message


def test_a_template_that_extends_itself_hears_how_to_build_on_the_theme_s() -> None:
    found = cautions(article='{% extends "article.html" %}')
    assert told(found) == [(f"{ARTICLE}:1", "the template extends itself, as article.html", True)]
    assert '{% extends "!theme/article.html" %}' in found[0].hint
    around = cautions(article='{% extends "one.html" %}', one='{% extends "article.html" %}')
    assert [one.where for one in around] == [f"{ARTICLE}:1", f"{OWN}one.html:1"]


def test_a_block_that_nothing_shows_is_told_and_stops_nobody() -> None:
    text = '{% extends "!theme/article.html" %}\n{% block befor %}{% block new %}{% endblock %}{% endblock %}'
    assert [one for one in told(cautions(article=text)) if not one[2]] == [(f"{ARTICLE}:2", f"{UNSEEN}: befor", False)]
    # Those that the theme has for single types build on it, and would be as empty.
    (empty,) = (one for one in cautions(article="x") if one.path == "theme/templates/article_people.html")
    assert empty.hint == f"it builds on {ARTICLE}, where there is no block"
    inside = '{% extends "!theme/article.html" %}{% block before %}{% block new %}{% endblock %}{% endblock %}'
    assert cautions(article=inside) == []


@pytest.mark.parametrize(
    "text",
    [
        '{% extends "!theme/article.html" %}',
        '{% extends "!simple/article.html" %}',
        '{% extends "archives.html" %}',
        '{% include ["_nothing.html", "_footer.html"] %}',
        '{% include "_nothing.html" ignore missing %}',
        "{% include article.template %}",
        '{% if x %}{% extends x %}{% else %}{% extends "base.html" %}{% endif %}{% block any %}{% endblock %}',
        "{{ article.date|strftime('%Y') }}{% if article is marked %}{% endif %}{{ 1|ours }}",
    ],
)
def test_what_is_there_or_not_known_before_a_page_is_made_is_left_alone(text: str) -> None:
    files = {**sample_policy(), ARTICLE: text.encode()}
    files["pelicanconf.py"] += b"\nJINJA_FILTERS = {'ours': str}\n"
    assert [one for one in theme_cautions(files) if one.stops] == []


def test_a_template_that_every_page_needs_and_that_is_not_utf_8_is_missed() -> None:
    files = sample_policy()
    del files["theme/templates/404.html"]
    files[ARTICLE] = "标题".encode("gbk")
    assert [(one.path, one.line) for one in theme_cautions(files)] == [(ARTICLE, 0), ("theme/templates/404.html", 0)]


@pytest.mark.parametrize("text", [b"x = 1\ny = (", b"x = 1\nif x:\n", b"x = 1\n\xff"])
def test_settings_that_are_not_python_are_named(text: bytes) -> None:
    (found,) = theme_cautions({**sample_policy(), "pelicanconf.py": text})
    assert (found.path, found.stops) == ("pelicanconf.py", True)
    assert found.line >= 2
    assert found.what.startswith("it is not Python: ")


def test_neither_settings_nor_templates_are_run(tmp_path: Path) -> None:
    files = sample_policy()
    files["pelicanconf.py"] = f"open({str(tmp_path / 'ran')!r}, 'w')\n".encode()
    files[ARTICLE] = b"{{ (1).__class__.__base__.__subclasses__() }}{% set x = 9 ** 9 ** 9 ** 9 %}"
    assert [one for one in theme_cautions(files) if one.stops] == []
    assert not (tmp_path / "ran").exists()


def test_looking_at_a_theme_loads_no_renderer() -> None:
    looking = "from review.render.theme_check import theme_cautions as see; list(see({'theme/templates/a.html': b''}))"
    code = f"import sys; {looking}; sys.exit('pelican' in sys.modules)"
    assert importlib.util.find_spec("pelican")
    assert subprocess.run([sys.executable, "-c", code], check=False).returncode == 0
