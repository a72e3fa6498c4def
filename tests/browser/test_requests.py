"""What a page asks for: nothing from elsewhere, nothing that is not there, nothing its policy forbids, and little of it."""

from __future__ import annotations

import gzip
from collections.abc import Callable
from pathlib import Path
from urllib.parse import urlsplit

from page_kinds import KINDS, Demonstration, grouped, look_at
from playwright.sync_api import BrowserContext, Page, Response

PAGE_LIMIT, SCRIPT_LIMIT = 30_000, 5_000
"""Bytes that a post's page may have, compressed: HTML, style sheets and scripts together, and scripts alone."""

SCROLL = """async () => {
  for (let y = 0; y < document.documentElement.scrollHeight; y += innerHeight) {
    scrollTo(0, y);
    await new Promise(requestAnimationFrame);
  }
  await Promise.all([...document.images].map((one) => one.decode().catch(() => {})));
  return [...document.images].filter((one) => !one.naturalWidth).map((one) => one.src);
}"""


@grouped(KINDS, 4)
def test_a_page_asks_its_own_site_for_what_is_there_and_breaks_no_rule(
    page: Page, address: Callable[[str], str], kinds: tuple[str, ...]
) -> None:
    # That nothing leaves the machine, that the console is silent and the policy is kept, the fixtures see to.
    answers: list[Response] = []
    failed: list[tuple[str, str | None]] = []
    page.on("response", lambda answer: answers.append(answer))  # noqa: PLW0108 - playwright marks what it is given
    page.on("requestfailed", lambda request: failed.append((request.url, request.failure)))
    origins: set[tuple[str, ...]] = set()  # a picture of the page before may still come
    for kind in kinds:
        answers.clear()
        look_at(page, address(kind))
        assert page.evaluate(SCROLL) == [], kind
        origins.add(urlsplit(page.url)[:2])
        assert [
            one.url for one in answers if urlsplit(one.url)[:2] not in origins and not one.url.endswith("/icon.svg")
        ] == []
        assert [(one.url, one.status) for one in answers if one.status not in (200, 206)] == []
        types = {urlsplit(one.url).path.rpartition(".")[2]: one.headers["content-type"] for one in answers}
        assert types["html"].startswith("text/html")
        assert types["css"].startswith("text/css")
        assert types["js"].startswith("text/javascript")
    # What the browser gives up by itself, such as the icon of a page that is left, has not failed.
    assert [one for one in failed if one[1] != "net::ERR_ABORTED"] == []


def test_the_policy_of_every_page_allows_its_own_site_alone(demonstration: Demonstration) -> None:
    pages = sorted(demonstration.output.rglob("*.html"))
    assert len(pages) > 50
    for path in pages:
        page = demonstration.parsed(path.relative_to(demonstration.output).as_posix())
        policy = page.css_first("head > meta[http-equiv=Content-Security-Policy]")
        assert policy is not None, path
        rules = {
            name: values for name, *values in (part.split() for part in (policy.attributes["content"] or "").split(";"))
        }
        assert rules.pop("default-src") == ["'none'"], path
        assert rules.pop("base-uri") == ["'none'"], path
        wasm = ["'wasm-unsafe-eval'"] if path.name == "search.html" else []
        assert rules.pop("script-src") == ["'self'", *wasm], path
        assert {value for values in rules.values() for value in values} == {"'self'"}, path
        assert not page.css("style, [style], script:not([src]):not([type='application/ld+json'])"), path
        assert not [name for one in page.css("*") for name in one.attributes if name.startswith("on")], path


def test_the_policy_stops_what_the_theme_would_never_do(context: BrowserContext, address: Callable[[str], str]) -> None:
    page = context.new_page()  # its console complains, which is what this is about
    look_at(page, address("news post"))
    stopped = page.evaluate(
        """async () => {
          const heard = [];
          addEventListener("securitypolicyviolation", (event) => heard.push(event.effectiveDirective));
          const inline = document.createElement("script");
          inline.textContent = "window.ran = true";
          document.body.append(inline);
          const styled = document.createElement("p");
          styled.setAttribute("style", "color: red");
          document.body.append(styled);
          const elsewhere = new Image();
          elsewhere.src = "http://127.0.0.1:9/counter.png";
          const frame = document.createElement("iframe");
          frame.src = "index.html";
          document.body.append(frame);
          await new Promise((done) => { elsewhere.onerror = done; });
          await fetch("http://127.0.0.1:9/").catch(() => {});
          while (heard.length < 5) await new Promise(requestAnimationFrame);
          return [window.ran === undefined, getComputedStyle(styled).color !== "rgb(255, 0, 0)", [...new Set(heard)].sort()];
        }"""
    )
    assert stopped == [True, True, ["connect-src", "frame-src", "img-src", "script-src-elem", "style-src-attr"]]


def test_an_address_that_is_not_there_answers_with_a_page_that_leads_on(context: BrowserContext, served: str) -> None:
    page = context.new_page()  # its console names the answer 404
    asked = []
    page.on("response", lambda answer: asked.append((answer.url, answer.status)))
    page.goto(f"{served}no/such/page.html")
    assert asked[0] == (f"{served}no/such/page.html", 404)
    assert {status for _, status in asked[1:]} == {200}, "its style sheet and its script are found from any depth"
    page.click("main a[href$='map.html']")
    assert page.url == f"{served}map.html"


def gzipped(path: Path) -> int:
    return len(gzip.compress(path.read_bytes(), 6, mtime=0))


def test_no_post_weighs_more_than_it_may(demonstration: Demonstration) -> None:
    heavy = {}
    for path in demonstration.posts():
        file = demonstration.output / path
        parsed = demonstration.parsed(path)
        scripts = [one.attributes["src"] for one in parsed.css("script[src]")]
        styles = [one.attributes["href"] for one in parsed.css("link[rel=stylesheet]")]
        assert scripts
        assert styles
        weights = {name: gzipped(file.parent / name) for name in (*scripts, *styles) if name}
        script = sum(weights[name] for name in scripts if name)
        whole = gzipped(file) + sum(weights.values())
        if whole > PAGE_LIMIT or script > SCRIPT_LIMIT:
            heavy[path] = (whole, script)
    assert heavy == {}
