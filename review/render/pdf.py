"""Have a page printed to PDF by a program of this machine: Chromium, else WeasyPrint. Nothing is fetched meanwhile."""

from __future__ import annotations

import importlib.util
import os
import shutil
import signal
import subprocess
import sys
import tempfile
from contextlib import suppress
from dataclasses import dataclass
from pathlib import Path

from review.errors import UnusableSite
from review.messages import t

BROWSERS = ("chromium", "chromium-browser", "google-chrome", "google-chrome-stable")
WEASYPRINT = "weasyprint"
PATIENCE = 60.0
"""Seconds after which a renderer that has not ended is stopped."""

_KEPT = (
    "PATH",
    "HOME",
    "LANG",
    "LC_ALL",
    "LC_CTYPE",
    "FONTCONFIG_PATH",
    "FONTCONFIG_FILE",
    "XDG_DATA_HOME",
    "XDG_DATA_DIRS",
)
"""What a renderer may know of its surroundings: where programs and fonts are, and the language. No agent, no display."""

_ALONE = (
    "--headless",
    "--disable-gpu",
    "--disable-extensions",
    "--disable-sync",
    "--disable-background-networking",
    "--disable-component-update",
    "--disable-default-apps",
    "--disable-dev-shm-usage",
    "--no-first-run",
    "--no-default-browser-check",
    "--no-pings",
    "--host-resolver-rules=MAP * ~NOTFOUND",
    "--proxy-server=127.0.0.1:9",
    "--no-pdf-header-footer",
)


@dataclass(frozen=True, slots=True, kw_only=True)
class Renderer:
    """A program that makes PDF: its command, and whether it is a browser."""

    command: tuple[str, ...]
    browser: bool


def find_renderer() -> Renderer | None:
    """Return the renderer of this machine; None where there is none."""
    for name in BROWSERS:
        if found := shutil.which(name):
            return Renderer(command=(found,), browser=True)
    if found := shutil.which(WEASYPRINT):
        return Renderer(command=(found,), browser=False)
    if importlib.util.find_spec(WEASYPRINT) is not None:
        return Renderer(command=(sys.executable, "-m", WEASYPRINT), browser=False)
    return None


def pdf_of(html: str, renderer: Renderer | None, *, patience: float = PATIENCE) -> bytes:
    """Return a page as PDF. `UnusableSite` where there is no renderer, where it fails, or takes over `patience` seconds."""
    if renderer is None:
        raise UnusableSite(
            t("no program that makes PDF is installed"),
            where="--pdf",
            hint=t("install chromium or weasyprint, or print the page from a browser: --html"),
        )
    with tempfile.TemporaryDirectory(prefix="qianfa-pdf-", ignore_cleanup_errors=True) as folder:
        page, made = Path(folder, "form.html"), Path(folder, "form.pdf")
        page.write_text(html, encoding="utf-8")
        said = _run(_command(renderer, page, made), Path(folder), patience)
        data = made.read_bytes() if made.is_file() else b""
    if not data.startswith(b"%PDF-"):
        raise UnusableSite(
            t(
                "{program} made no PDF: {said}",
                program=Path(renderer.command[0]).name,
                said=said or t("it said nothing"),
            ),
            where="--pdf",
            hint=t("print the page from a browser: --html"),
        )
    return data


def _command(renderer: Renderer, page: Path, made: Path) -> list[str]:
    if not renderer.browser:
        return [*renderer.command, page.as_uri(), str(made)]
    # Chromium refuses its sandbox to the administrator of a machine; for anybody else it stays.
    as_root = ("--no-sandbox",) if os.geteuid() == 0 else ()
    private = f"--user-data-dir={page.parent / 'profile'}"
    return [*renderer.command, *_ALONE, *as_root, private, f"--print-to-pdf={made}", page.as_uri()]


def _run(command: list[str], folder: Path, patience: float) -> str:
    """Run a renderer with all its children to the end, or to the end of patience. Return the last line it said."""
    environment = {name: os.environ[name] for name in _KEPT if name in os.environ} | {"TMPDIR": str(folder)}
    process = subprocess.Popen(
        command,
        cwd=folder,
        env=environment,
        stdin=subprocess.DEVNULL,
        stdout=subprocess.DEVNULL,
        stderr=subprocess.PIPE,
        start_new_session=True,
    )
    try:
        _, said = process.communicate(timeout=patience)
    except subprocess.TimeoutExpired:
        raise UnusableSite(
            t("{program} did not end within {seconds} seconds", program=Path(command[0]).name, seconds=int(patience)),
            where="--pdf",
            hint=t("print the page from a browser: --html"),
        ) from None
    finally:
        _stop(process)
    lines = said.decode("utf-8", "replace").strip().splitlines()
    return lines[-1] if process.returncode and lines else ""


def _stop(process: subprocess.Popen[bytes]) -> None:
    """End a renderer and every process that it started, and wait for it."""
    with suppress(ProcessLookupError, PermissionError):
        os.killpg(process.pid, signal.SIGKILL)
    if process.stderr is not None:
        process.stderr.close()
    process.wait()
