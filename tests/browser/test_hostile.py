"""Everything that an author, a unit or a column can be called or can write, as an attack: no page of the site runs any of it.

One site holds the whole corpus in every place that takes words, and a real browser opens every page of it. The
Content-Security-Policy of the pages is made one that only reports, so that templates and sanitiser have to do without
that net, and still hear of everything that it would have caught.
"""

from __future__ import annotations

import functools
import html
import http.server
import json
import re
import threading
import xml.etree.ElementTree as ET
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from dataclasses import dataclass, field, replace
from itertools import count, islice
from pathlib import Path
from typing import Any
from urllib.parse import quote

import pytest
import xss_corpus as corpus
from kinds_site import ABOUT, COLUMNS, PLAYED
from live_sets import SiteUnderTest, a_link, a_person
from made_pictures import file_of, scene
from playwright.sync_api import BrowserContext, Dialog, Page

from review.model.columns import Column
from review.model.people import Unit
from review.model.reports import LiveSet

PICTURE = file_of(scene(640, 480), "PNG")
KEYS = ("Author", "Source", "Summary", "Keywords", "Tags", "Document_number", "Index_number", "Disclosure", "Related",
        "Topic_class", "Issuer", "Validity", "Role", "Field", "Asked", "Audience", "Resource_kind", "Venue",
        "Video_label", "Audio_label", "Duration")  # fmt: skip
BODIES_A_POST = 12
TITLES_A_POST = 3

TRIPWIRE = """
(() => {
  window.fired = new Set();
  for (const name of ["alert", "confirm", "prompt"]) window[name] = (...given) => {
    window.fired.add(String(given));
    tripped(`${name}(${given})`);
  };
  window.print = () => {};
  addEventListener("securitypolicyviolation", (event) =>
    tripped(`violation of ${event.violatedDirective}: ${event.blockedURI} ${event.sample}`));
})();
"""

LOOK = r"""
(top, own) => {
  const found = [];
  const tell = (element, what) => found.push(`${what}: ${element.outerHTML.slice(0, 160)}`);
  const plain = ["http:", "https:", "mailto:", "tel:"];
  const never = "iframe frame frameset object embed applet portal base style form input textarea select button math template "
    + "dialog noscript area map script meta link foreignobject animate set use image";
  const text = new Set(own ? [top] : [...top.querySelectorAll(".text")]);
  for (const element of [top, ...top.querySelectorAll("*")]) {
    const name = element.localName;
    const inText = [...text].some((one) => one !== element && one.contains(element));
    if (inText && never.split(" ").includes(name)) tell(element, "an element that texts must not have");
    if (name === "script" && !element.src && element.type !== "application/ld+json") tell(element, "a script in the page");
    if (["iframe", "object", "embed", "style", "base", "applet"].includes(name)) tell(element, "an element that no page has");
    for (const { name: attribute, value } of element.attributes) {
      if (/^on/i.test(attribute) || ["style", "srcdoc", "formaction", "ping"].includes(attribute)) tell(element, attribute);
      if (inText && attribute === "name") tell(element, "a name");
      if (inText && attribute === "id" && !/^text-/.test(value)) tell(element, "an id of the page's own");
      if (["href", "src", "action", "poster", "xlink:href", "cite", "background"].includes(attribute)) {
        let address;
        try { address = new URL(value, document.baseURI); } catch { continue; } // no address at all leads nowhere
        if (!plain.includes(address.protocol)) tell(element, `leads to ${address.protocol}`);
        if (attribute !== "href" && !own && address.origin !== location.origin) tell(element, "fetches from elsewhere");
      }
      if (attribute === "srcset" && !own && /\/\/|:/.test(value)) tell(element, "fetches from elsewhere");
    }
  }
  return found;
}
"""

WORK = r"""
async () => {
  const later = (milliseconds) => new Promise((done) => setTimeout(done, milliseconds));
  for (const image of document.images) image.loading = "eager";
  await Promise.all([...document.images].map((image) => image.decode().catch(() => null)));
  for (const track of document.querySelectorAll("track")) {
    track.track.mode = "showing";
    for (let tries = 0; track.readyState < 2 && tries < 100; tries++) await later(10);
    for (const cue of track.track.cues ?? []) track.closest("figure").append(cue.getCueAsHTML());
  }
  // Whatever leads to other pages stays here; anything else may go where it likes.
  addEventListener("click", (event) => {
    const link = event.target.closest?.("a, area");
    if (link && ["http:", "https:", "mailto:", "tel:"].includes(link.protocol)) event.preventDefault();
  }, true);
  addEventListener("submit", (event) => { if (/^https?:/.test(event.target.action)) event.preventDefault(); }, true);
  const events = ["pointerenter", "pointerover", "mouseover", "mouseenter", "mousedown", "focus", "focusin", "keydown", "input",
    "change", "toggle", "beforetoggle", "scroll", "wheel", "copy", "animationstart", "transitionend", "error", "load", "blur"];
  for (const element of document.querySelectorAll("*")) for (const name of events) element.dispatchEvent(new Event(name));
  for (const element of document.querySelectorAll("a, area, button, label, input, summary, main *")) element.click?.();
  for (const select of document.querySelectorAll("select")) {
    for (const option of select.options) {
      select.value = option.value;
      select.dispatchEvent(new Event("change", { bubbles: true }));
    }
  }
  await later(0);
  await new Promise((done) => requestAnimationFrame(() => requestAnimationFrame(done)));
  for (const item of document.querySelectorAll("[hidden]")) item.hidden = false;
  return document.body.innerText;
}
"""

SETTLED = """
async (count) => {
  for (let tries = 0; fired.size < count && tries < 300; tries++) await new Promise((done) => setTimeout(done, 10));
}
"""


def numbered() -> Callable[[str], str]:
    """Number what runs, so that a page can tell which one did."""
    numbers = count(1000)
    return lambda text: re.sub(r"alert(\(|&#40;)1", lambda found: f"alert{found[1]}{next(numbers)}", text)


@dataclass
class HostileSite(SiteUnderTest):
    """A site whose title, units and people are called what they should not be."""

    words: tuple[str, ...] = corpus.WORDS
    bodies: dict[str, list[str]] = field(default_factory=dict)
    titles: dict[str, str] = field(default_factory=dict)

    @property
    def live(self) -> LiveSet:
        found = super().live
        policy = found.policy.policy
        columns = replace(policy.columns, site=replace(policy.columns.site, title=f"站{self.words[3]}"))
        people = replace(
            policy.people,
            units={"fengxiang": Unit(id="fengxiang", title=f"单位{self.words[2]}", group="county")},
            people={
                name: a_person(name, f"人{self.words[number]}")
                for number, name in enumerate(("officer", "head", "publisher"))
            },
        )
        version = replace(found.policy, policy=replace(policy, columns=columns, people=people))
        return replace(found, policy=version, policies={1: version})


def hostile_columns() -> tuple[Column, ...]:
    """Every type of column, each with a hostile name, description, keywords and label, and every key for its posts."""
    words = corpus.WORDS
    return tuple(
        replace(
            column,
            title=f"栏{number}{words[number]}",
            description=words[-number - 1],
            keywords=(words[number], words[number + 1]),
            label=words[number + 5],
            lead=("fengxiang",),
            metadata=(*KEYS[9:], *PLAYED),
        )
        for number, column in enumerate(COLUMNS)
    )


def hostile_site() -> HostileSite:
    """The whole corpus as one site, not yet built."""
    words, number = corpus.WORDS, numbered()
    about = ABOUT | dict(
        zip(
            ("description", "organiser", "operator", "phone", "address", "postcode", "id_code", "icp", "police"),
            map(number, words[4:]),
            strict=False,
        )
    )
    about |= {
        "keywords": words[:3],
        "email": "javascript:'onclick=alert(1)'@example.org",
        "badge": "https://badge.example/'onclick=alert(1)//&quot;`",
        "corrections": "mailto:a'onclick='alert(1)@example.org",
    }
    site = HostileSite(columns=hostile_columns(), about=about)
    bodies = iter(corpus.BODIES)
    for at in range(max(-(-len(words) // TITLES_A_POST), -(-len(corpus.BODIES) // BODIES_A_POST))):
        column = COLUMNS[at % len(COLUMNS)]
        add(site, column, at, number, list(islice(bodies, BODIES_A_POST)))
    for at, body in enumerate(corpus.OPEN):
        add(site, COLUMNS[at], 200 + at, number, [body], closed=False)
    for at, stem in enumerate(corpus.STEMS):
        site.add(f"content/news/{stem}.md", f"Title: 名{at}\n\n[它](<{corpus.STEMS[at - 1]}.md>)\n")
    site.add("content/news/preview.md", corpus.MALFORMED, mark=f"草稿{words[9]}", chain=(), stages=())
    return site


def add(
    site: HostileSite, column: Column, at: int, number: Callable[[str], str], bodies: list[str], *, closed: bool = True
) -> None:
    """Add a post with a hostile word in each of its meta lines, hostile texts, pictures, film and files."""
    words = corpus.WORDS
    titles = " ".join(words[(at * TITLES_A_POST + more) % len(words)] for more in range(TITLES_A_POST))
    stem, title = f"p{at}", f"毒{at} {number(titles)}"
    fields = {"Title": title}
    for place, key in enumerate(KEYS):
        if key.lower() not in ("video_label", "audio_label") or column.type in ("video", "resources"):
            fields[key] = number(words[(at * 7 + place) % len(words)])
    files = {f"{place}{name}": b"%PDF-1.7 x" for place, name in enumerate(corpus.NAMES)} if at % 5 == 0 else {}
    files["图\"onerror='alert(1)'.png"] = PICTURE
    fields["Image"] = f"{stem}/图\"onerror='alert(1)'.png"
    fields["Source_url"] = "https://evil.example/'onmouseover=alert(1)//`"
    if column.type in ("video", "resources"):
        files |= {"影\"onerror='alert(1)'.webm": b"film", "字\"onload='alert(1)'.vtt": corpus.CAPTIONS.encode()}
        fields |= {
            "Video": "影\"onerror='alert(1)'.webm",
            "Captions": "字\"onload='alert(1)'.vtt",
            "Poster": "图\"onerror='alert(1)'.png",
        }
        fields["Video_label"] = fields["Video_label"].replace(",", " ").replace("，", " ")
    word = html.escape(number(words[(at + 1) % len(words)]))
    address = quote(fields["Image"])
    parts = [number(body) + ("\n\n" + mark(at, place) if closed else "") for place, body in enumerate(bodies)]
    parts.insert(
        0, f'<figure><img src="{address}" alt="{word}" title="{word}"><figcaption>{word}</figcaption></figure>'
    )
    parts += [f"[{name}](<{stem}/{place}{name}>)" for place, name in enumerate(corpus.NAMES)] if closed else []
    lines = "".join(f"{key}: {value}\n" for key, value in fields.items())
    sections = (
        "\n\n## 留言\n\n问\n\n## 答复\n\n答\n\n" if column.type in ("interaction", "topic") and closed else "\n\n"
    )
    item = f"content/{column.id}/{stem}.md"
    site.add(
        item,
        lines + "\n" + "\n\n".join(parts[:2]) + sections + "\n\n".join(parts[2:]) + "\n",
        attachments=files,
        published=f"2026-11-{1 + at % 20:02}T09:{at % 60:02}:00+08:00",
        stages=tuple(f"环节{word}" for word in words[at % 40 : at % 40 + 3]),
        chain=(a_link("draft", "officer", "2026-11-18T10:00:00+08:00"), *_rest_of_chain()),
    )
    site.titles[f"{column.id}/{stem}.html"] = title
    site.bodies[f"{column.id}/{stem}.html"] = [mark(at, place) for place in range(len(bodies))] if closed else []


def _rest_of_chain() -> tuple[Any, ...]:
    return (
        a_link("head", "officer", "2026-11-19T01:00:00+08:00", signatory="head"),
        a_link("publish", "publisher", "2026-11-20T15:30:00+08:00", stands_in=True),
    )


def mark(post: int, place: int) -> str:
    """Return what stands after a hostile text: where it is shown, the text before it was read to its end."""
    return f"《{post}之{place}》"


@dataclass(frozen=True)
class Built:
    """The built site, what it was built from, and the pages in it."""

    site: HostileSite
    output: Path

    @property
    def pages(self) -> list[str]:
        return sorted(path.relative_to(self.output).as_posix() for path in self.output.rglob("*.html"))


@pytest.fixture(scope="module")
def hostile(tmp_path_factory: pytest.TempPathFactory) -> Built:
    output = tmp_path_factory.mktemp("hostile") / "output"
    site = hostile_site()
    site.build(output)
    return Built(site, output)


class Guessed(http.server.SimpleHTTPRequestHandler):
    """Serves files as plain servers do: where an ending is unknown, the browser may guess."""

    def send_header(self, keyword: str, value: str) -> None:
        if (keyword.lower(), value) != ("content-type", "application/octet-stream"):
            super().send_header(keyword, value)

    def log_message(self, format: str, *args: object) -> None:
        pass


POLICY = re.compile(rb'<meta http-equiv="Content-Security-Policy" content="([^"]*)">')


class OnlyReporting(http.server.SimpleHTTPRequestHandler):
    """Serves pages whose Content-Security-Policy forbids nothing and reports everything."""

    def do_GET(self) -> None:
        path = Path(self.translate_path(self.path))
        if path.suffix != ".html" or not path.is_file():
            super().do_GET()
            return
        head, policy, rest = POLICY.split(path.read_bytes())
        self.send_response(200)
        self.send_header("Content-Type", "text/html; charset=utf-8")
        self.send_header("Content-Security-Policy-Report-Only", html.unescape(policy.decode()))
        self.send_header("Content-Length", str(len(head + rest)))
        self.end_headers()
        self.wfile.write(head + rest)

    def log_message(self, format: str, *args: object) -> None:
        pass


@contextmanager
def served_by(handler: type[http.server.SimpleHTTPRequestHandler], folder: Path) -> Iterator[str]:
    with http.server.ThreadingHTTPServer(("127.0.0.1", 0), functools.partial(handler, directory=str(folder))) as server:
        thread = threading.Thread(target=server.serve_forever)
        thread.start()
        yield f"http://127.0.0.1:{server.server_port}/"
        server.shutdown()
        thread.join()


@pytest.fixture
def unguarded(hostile: Built) -> Iterator[str]:
    with served_by(OnlyReporting, hostile.output) as address:
        yield address


@pytest.fixture
def ran(context: BrowserContext) -> list[str]:
    """What ran on pages of the context, and on which."""
    found: list[str] = []
    context.expose_binding("tripped", lambda source, what: found.append(f"{source['frame'].url}: {what}"))
    context.add_init_script(TRIPWIRE)
    return found


@pytest.fixture
def victim(context: BrowserContext, ran: list[str]) -> Page:
    page = context.new_page()

    def asked(dialog: Dialog) -> None:
        ran.append(f"{page.url}: dialog {dialog.message}")
        dialog.dismiss()

    page.on("dialog", asked)
    page.on("popup", lambda popup: ran.append(f"{page.url}: opened {popup.url}"))
    return page


def walked(page: Page, address: str) -> tuple[list[str], str]:
    """Open a page, look at it, work everything on it; return what should not be there, and all that it says."""
    page.goto(address)
    found: list[str] = page.evaluate(f"({LOOK})(document.documentElement, false)")
    text: str = page.evaluate(WORK)
    assert re.split("[?#]", page.url)[0] == re.split("[?#]", address)[0]
    found += page.evaluate(f"({LOOK})(document.documentElement, false)")
    for block in page.locator("script[type='application/ld+json']").all_text_contents():
        json.loads(block)
    return [f"{address}: {one}" for one in dict.fromkeys(found)], text


def test_the_tripwire_is_tripped_by_what_browsers_run(victim: Page, ran: list[str], unguarded: str) -> None:
    victim.goto(f"{unguarded}map.html")
    frames = "".join(
        f'<iframe srcdoc="{html.escape(one.replace("alert(1)", f"parent.alert({2000 + place})"))}"></iframe>'
        for place, one in enumerate(corpus.SELF_STARTING)
    )
    victim.evaluate("(frames) => { document.body.innerHTML = frames; }", frames)
    victim.wait_for_load_state("networkidle")
    for frame in victim.frames[1:]:
        frame.evaluate(WORK)
    victim.evaluate(SETTLED, len(corpus.SELF_STARTING))
    fired = {int(number) for line in ran for number in re.findall(r"alert\((2\d{3})\)", line)}
    silent = [one for place, one in enumerate(corpus.SELF_STARTING) if 2000 + place not in fired]
    assert not silent


def test_a_look_at_a_page_sees_what_does_not_belong_there(victim: Page, unguarded: str) -> None:
    victim.goto(f"{unguarded}map.html")
    look = f"(text) => {{ document.querySelector('main').innerHTML = text; return ({LOOK})(document.documentElement, false); }}"
    for one in corpus.SELF_STARTING:
        if "<body" not in one:
            assert victim.evaluate(look, f'<div class="text">{one}</div>'), one


def test_no_page_runs_any_of_it_even_without_its_policy(
    victim: Page, hostile: Built, unguarded: str, ran: list[str]
) -> None:
    wrong: list[str] = []
    for path in hostile.pages:
        found, text = walked(victim, unguarded + quote(path))
        wrong += found
        if path in hostile.site.titles:
            assert victim.locator(".document-head h1").inner_text() == " ".join(hostile.site.titles[path].split()), path
            assert [one for one in hostile.site.bodies[path] if one not in text] == [], path
    assert wrong == []
    assert ran == []


def test_pages_as_they_are_served_run_and_ask_for_none_of_it(
    victim: Page, hostile: Built, serve: Callable[[Path], str], ran: list[str]
) -> None:
    address = serve(hostile.output)
    kinds = {column.type: f"{column.id}/p{at}.html" for at, column in enumerate(COLUMNS)}
    assert len(kinds) == 10
    wrong: list[str] = []
    for path in ("index.html", "search.html", "library/index.html", "news/preview.html", "not/there", *kinds.values()):
        found, _ = walked(victim, address + quote(path))
        wrong += found
    assert wrong == []
    assert ran == []


def test_search_answers_with_hostile_posts_and_runs_none_of_them(
    victim: Page, hostile: Built, unguarded: str, ran: list[str]
) -> None:
    wrong: list[str] = []
    for words in ("毒", "script alert", "<script>alert(1)</script>", '"><img src=x onerror=alert(1)>'):
        victim.goto(f"{unguarded}search.html?q={quote(words)}&column={quote(words)}")
        victim.goto(f"{unguarded}search.html?q={quote(words)}&unit={quote('单位' + corpus.WORDS[2])}")
        victim.wait_for_selector("#result-count:not(:empty)")
        victim.wait_for_selector("#results:not([aria-busy])")
        if words == "毒":
            assert victim.locator("#results li").count() == 10
            victim.click("#more")
            victim.wait_for_selector("#results li:nth-child(11)")
            shown = victim.locator("#results a").all_inner_texts()
            assert set(shown) <= {" ".join(title.split()) for title in hostile.site.titles.values()}
        wrong += victim.evaluate(f"({LOOK})(document.documentElement, false)")
    victim.evaluate(WORK)  # asks once more for every column, unit and year
    wrong += victim.evaluate(f"({LOOK})(document.documentElement, false)")
    assert wrong == []
    assert ran == []


def test_feeds_carry_nothing_that_runs(victim: Page, hostile: Built, unguarded: str, ran: list[str]) -> None:
    victim.goto(f"{unguarded}404.html")
    look = f"(text) => ({LOOK})(new DOMParser().parseFromString(text, 'text/html').body, true)"
    contents: list[str] = []
    for path in (hostile.output / "feeds").rglob("*.xml"):
        for entry in ET.parse(path).getroot().iter("{http://www.w3.org/2005/Atom}content"):
            assert entry.get("type") == "html"
            contents.append(entry.text or "")
    for path in (hostile.output / "feeds").rglob("*.json"):
        contents += [one["content_html"] for one in json.loads(path.read_text("utf-8"))["items"]]
    assert len(contents) > 100
    assert [found for text in dict.fromkeys(contents) for found in victim.evaluate(look, text)] == []
    for path in hostile.output.glob("sitemap*.xml"):
        assert len(ET.parse(path).getroot()) > 0
    assert ran == []


def opened(page: Page, address: str) -> None:
    """Open a file by itself and give it the time to do what it does at once."""
    page.goto(address)
    page.evaluate("new Promise((done) => requestAnimationFrame(() => requestAnimationFrame(done)))")


def test_files_that_run_when_opened_are_not_published_and_others_do_not_run(
    victim: Page, tmp_path: Path, ran: list[str]
) -> None:
    as_they_are, output = tmp_path / "raw", tmp_path / "output"
    as_they_are.mkdir()
    for name, text in corpus.FILES.items():
        (as_they_are / name).write_text(text, encoding="utf-8")
    with served_by(Guessed, as_they_are) as address:
        for name in corpus.FILES:
            opened(victim, address + quote(name))
            assert [line.partition(": ")[2] for line in ran] == ["alert(1)"], name
            ran.clear()

    site = SiteUnderTest()
    files = {name: text.encode() for name, text in corpus.FILES.items()}
    site.add("content/news/runs.md", attachments=files)
    site.add("content/news/rests.md", attachments={name: text.encode() for name, text in corpus.DRAWINGS.items()})
    warnings = site.build(output).warnings
    assert len(warnings) == len(files)
    assert not (output / "news/runs").exists()
    with served_by(Guessed, output) as address:
        for name in corpus.DRAWINGS:
            opened(victim, f"{address}news/rests/{name}")
    assert ran == []


def test_a_site_whose_address_has_two_slashes_keeps_its_page_for_what_is_missing(tmp_path: Path) -> None:
    site = SiteUnderTest(url="https://example.org//evil.example")
    site.add("content/news/a.md")
    site.build(tmp_path / "output")
    page = (tmp_path / "output/404.html").read_text("utf-8")
    assert 'src="/evil.example/theme/js/site.js"' in page
    assert not re.search(r'(?:href|src|action)="//', page)
