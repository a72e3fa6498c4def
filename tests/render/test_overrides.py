"""A site's own templates and files in `theme/overrides/` win over those of the theme, and may build on them."""

from __future__ import annotations

from pathlib import Path

import pytest
from live_sets import SiteUnderTest

from review.render.rendering import RenderingFailed

OVERRIDES = "theme/overrides/"


@pytest.fixture
def site() -> SiteUnderTest:
    """A site with one post."""
    site = SiteUnderTest()
    site.add("content/news/a.md")
    return site


def test_a_template_that_builds_on_the_theme_s_changes_one_place_of_every_page(
    site: SiteUnderTest, tmp_path: Path
) -> None:
    site.policy[f"{OVERRIDES}templates/base.html"] = (
        '{% extends "!theme/base.html" %}{% block before %}<p class="ours">{{ site.title }}的话</p>{% endblock %}'.encode()
    )
    site.build(tmp_path / "output")
    for path in ("index.html", "404.html", "map.html", "news/index.html"):
        text = (tmp_path / "output" / path).read_text("utf-8")
        assert '<main id="content" tabindex="-1">\n<p class="ours">宝鸡科技网的话</p>' in text, path
        assert 'class="site-footer"' in text


@pytest.mark.parametrize("block", ["styles", "head"])
def test_what_a_site_adds_to_the_head_stands_on_every_page(site: SiteUnderTest, tmp_path: Path, block: str) -> None:
    site.policy[f"{OVERRIDES}templates/base.html"] = (
        f'{{% extends "!theme/base.html" %}}{{% block {block} %}}{{{{ super() }}}}<meta name="ours">{{% endblock %}}'.encode()
    )
    site.build(tmp_path / "output")
    for path in ("index.html", "404.html", "map.html", "search.html", "news/index.html", "news/a.html"):
        assert (tmp_path / "output" / path).read_text("utf-8").count('<meta name="ours">') == 1, path


def test_a_part_is_replaced_wherever_it_is_included(site: SiteUnderTest, tmp_path: Path) -> None:
    site.policy[f"{OVERRIDES}templates/_footer.html"] = "<footer>另一个页脚</footer>".encode()
    site.build(tmp_path / "output")
    text = (tmp_path / "output/news/a.html").read_text("utf-8")
    assert "<footer>另一个页脚</footer>" in text
    assert "site-footer" not in text


def test_a_template_for_a_type_of_column_that_the_theme_lacks_is_used(site: SiteUnderTest, tmp_path: Path) -> None:
    site.policy[f"{OVERRIDES}templates/article_news.html"] = b"{{ article.title }}!"
    site.build(tmp_path / "output")
    assert (tmp_path / "output/news/a.html").read_text("utf-8") == "春季科普讲座!"


def test_files_are_replaced_and_added(site: SiteUnderTest, tmp_path: Path) -> None:
    before = site.policy["theme/static/css/kinds.css"]
    site.policy[f"{OVERRIDES}static/css/site.css"] = b"body { color: black }"
    site.policy[f"{OVERRIDES}static/img/logo.svg"] = b"<svg xmlns='http://www.w3.org/2000/svg'/>"
    site.build(tmp_path / "output")
    theme = tmp_path / "output/theme"
    assert (theme / "css/site.css").read_bytes() == b"body { color: black }"
    assert (theme / "img/logo.svg").read_bytes() == b"<svg xmlns='http://www.w3.org/2000/svg'/>"
    assert (theme / "css/kinds.css").read_bytes() == before
    assert not (theme / "overrides").exists()


def test_what_is_wrong_in_an_override_is_said_with_its_place(site: SiteUnderTest, tmp_path: Path) -> None:
    site.policy[f"{OVERRIDES}templates/article.html"] = b"one\n{{ article.nothing.at.all }}"
    with pytest.raises(RenderingFailed, match=r"theme/overrides/templates/article\.html:2: UndefinedError"):
        site.build(tmp_path / "output")


def test_the_post_at_whose_page_a_template_fails_is_named_after_the_template(
    site: SiteUnderTest, tmp_path: Path
) -> None:
    site.policy[f"{OVERRIDES}templates/article.html"] = b"{{ article.nothing.at.all }}"
    with pytest.raises(RenderingFailed) as failure:
        site.build(tmp_path / "output")
    assert failure.value.where == f"{OVERRIDES}templates/article.html:1"
    assert failure.value.hint.startswith("it was at the page of content/news/a.md; set the template right")


def test_a_theme_without_a_template_that_it_needs_says_which(site: SiteUnderTest, tmp_path: Path) -> None:
    del site.policy["theme/templates/404.html"]
    with pytest.raises(RenderingFailed, match=r"theme/templates/404\.html: there is no such template"):
        site.build(tmp_path / "output")


def test_an_override_cannot_leave_the_output(site: SiteUnderTest, tmp_path: Path) -> None:
    site.policy[f"{OVERRIDES}static/../../../../../escaped.txt"] = b"x"
    with pytest.raises(RenderingFailed):
        site.build(tmp_path / "output")
    assert not list(tmp_path.rglob("escaped.txt"))
