"""A real browser before real pages: Debian's Chromium over a loopback server. Skipped, with the reason, where there is none."""

from __future__ import annotations

import fcntl
import functools
import os
import shutil
import subprocess
import sys
import threading
from collections.abc import Callable, Iterator
from contextlib import ExitStack, contextmanager
from pathlib import Path
from urllib.parse import urlsplit

import pytest
from live_sets import ROOT
from page_kinds import SECOND_PAGE, Demonstration, paged_site
from playwright.sync_api import Browser, BrowserContext, ConsoleMessage, Dialog, Page, Route, sync_playwright

from review.render.pdf import BROWSERS
from review.render.serving import address_of, server_for

PATIENCE = 15_000
"""Milliseconds until something that has to appear counts as missing."""

_NOTES = """
addEventListener("securitypolicyviolation", (event) =>
  console.error(`violates ${event.violatedDirective}: ${event.blockedURI}`));
"""


@pytest.fixture(scope="session")
def browser() -> Iterator[Browser]:
    """Chromium, without its sandbox for the administrator of a machine, to whom it refuses that."""
    program = next((found for name in BROWSERS if (found := shutil.which(name))), None)
    if program is None:
        pytest.skip("no Chromium is installed; .ci/run installs one")
    with sync_playwright() as playwright:
        arguments = ["--no-sandbox"] if os.geteuid() == 0 else []
        launched = playwright.chromium.launch(executable_path=program, args=arguments)
        yield launched
        launched.close()


def once(factory: pytest.TempPathFactory, name: str, make: Callable[[Path], object]) -> Path:
    """Return what `make` makes at a path: the first process of a run that asks for it makes it, the others wait."""
    base = factory.getbasetemp()
    shared = base.parent if "PYTEST_XDIST_WORKER" in os.environ else base
    path = shared / f"{name}-for-browsers"
    with (shared / f"{path.name}.lock").open("w") as lock:
        fcntl.flock(lock, fcntl.LOCK_EX)
        if not (path / "output").is_dir():
            make(path)
    return path / "output"


@pytest.fixture(scope="session")
def demo_output(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """The output of `scripts/demo`."""

    def demonstrate(folder: Path) -> None:
        command: list[str | Path] = [sys.executable, "-P", ROOT / "scripts/demo_site.py", "--sample", ROOT, folder]
        environment = {**os.environ, "PYTHONPATH": str(ROOT / "scripts")}
        subprocess.run(command, env=environment, check=True, capture_output=True)

    return once(tmp_path_factory, "demo", demonstrate)


@contextmanager
def serving(folder: Path) -> Iterator[str]:
    """Serve a folder on loopback, as `qianfa preview --serve` does; the address ends with a slash."""
    with server_for(folder, 0) as server:
        thread = threading.Thread(target=server.serve_forever)
        thread.start()
        try:
            yield address_of(server)
        finally:
            server.shutdown()
            thread.join()


@pytest.fixture(scope="session")
def served(demo_output: Path) -> Iterator[str]:
    """The address of the demonstration's site."""
    with serving(demo_output) as address:
        yield address


@pytest.fixture(scope="session")
def demonstration(demo_output: Path) -> Demonstration:
    """The demonstration, with where its kinds of page are."""
    return Demonstration(demo_output)


@pytest.fixture(scope="session")
def address(
    demonstration: Demonstration, served: str, tmp_path_factory: pytest.TempPathFactory
) -> Iterator[Callable[[str], str]]:
    """Give the address of a page by its kind. No list of the demonstration goes over a page, so another site has one."""
    with ExitStack() as open_ones:

        @functools.cache
        def found(kind: str) -> str:
            if kind != SECOND_PAGE:
                return served + demonstration.path(kind)
            output = once(tmp_path_factory, "pages", lambda folder: paged_site(folder / "output"))
            second = next(iter(sorted(output.glob("*/page/*.html"))))
            return open_ones.enter_context(serving(output)) + second.relative_to(output).as_posix()

        yield found


@pytest.fixture
def serve() -> Iterator[Callable[[Path], str]]:
    """Serve any folder for the length of a test."""
    with ExitStack() as open_ones:
        yield lambda folder: open_ones.enter_context(serving(folder))


@pytest.fixture
def context(browser: Browser) -> Iterator[BrowserContext]:
    """A reader who comes for the first time. A request that leaves this machine is answered by nobody and fails the test."""
    made = browser.new_context(locale="zh-CN", viewport={"width": 1280, "height": 900})
    made.set_default_timeout(PATIENCE)
    left: list[str] = []

    def refuse(route: Route) -> None:
        left.append(route.request.url)
        route.abort()

    made.route(lambda url: urlsplit(url).hostname != "127.0.0.1", refuse)
    yield made
    made.close()
    assert not left, f"requests that leave the site: {left}"


@pytest.fixture
def page(context: BrowserContext) -> Iterator[Page]:
    """A page on which nothing goes wrong: no error on the console, none in a script, no violation of the policy."""
    wrong: list[str] = []

    def asked(dialog: Dialog) -> None:
        wrong.append(f"dialog: {dialog.message}")
        dialog.dismiss()

    def said(message: ConsoleMessage) -> None:
        # Browsers ask every site for this file by themselves.
        if message.type == "error" and not message.location["url"].endswith("/favicon.ico"):
            wrong.append(message.text)

    made = context.new_page()
    made.add_init_script(_NOTES)
    made.on("pageerror", lambda error: wrong.append(str(error)))
    made.on("dialog", asked)
    made.on("console", said)
    yield made
    assert not wrong
