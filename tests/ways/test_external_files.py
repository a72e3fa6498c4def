"""Files from outside: the bytes that were signed or none, whatever a server does, and nobody waits for ever."""

from __future__ import annotations

import threading
import time
from collections.abc import Callable, Iterator
from pathlib import Path

import pytest
from film_server import (
    FILM,
    FilmServer,
    Handler,
    breaks_off,
    breaks_off_in_a_chunk,
    drips,
    drips_its_head,
    encrypted,
    film_server,
    hangs,
    never_ends,
    sha256,
    stops_in_the_middle,
    talks_nonsense,
    to,
)

from review.history.repository import Repository
from review.ways.external_files import FOLDER, ExternalFiles
from review.ways.patience import Patience, Unavailable

GOOD = sha256(FILM)
PATIENT = Patience(silence=20, altogether=30)
QUICK = Patience(silence=0.4, altogether=1.2)
SLOW = (hangs, stops_in_the_middle, drips, drips_its_head)
Files = Callable[..., ExternalFiles]


@pytest.fixture
def server() -> Iterator[FilmServer]:
    """A server with one good film below /films/."""
    with film_server() as one:
        one.answers["/films/a.mp4"] = FILM
        yield one


@pytest.fixture
def files(server: FilmServer, tmp_path: Path) -> Files:
    """Make the files of one command, from below /films/ unless said otherwise."""
    git = tmp_path / ".git"
    git.mkdir()
    repository = Repository(path=tmp_path, git_dir=git, objects=git / "objects", bare=False)
    return lambda *allowed, patience=PATIENT, most=1 << 30: ExternalFiles(
        repository, allowed or (f"{server.root}films/",), patience, most=most
    )


def kept(tmp_path: Path) -> dict[str, bytes]:
    """Return what is kept, and half-written files."""
    folder = tmp_path / ".git" / FOLDER
    return {one.name: one.read_bytes() for one in folder.iterdir()} if folder.exists() else {}


def refused(files: ExternalFiles, address: str, digest: str = GOOD) -> Unavailable:
    with pytest.raises(Unavailable) as refusal:
        files.check(address, digest)
    return refusal.value


# -- good ----------------------------------------------------------------------------------------------------------


def test_a_file_is_fetched_once_and_found_again_without_the_server(
    server: FilmServer, files: Files, tmp_path: Path
) -> None:
    address = f"{server.root}films/a.mp4"
    assert files().check(address, GOOD) == len(FILM)
    assert kept(tmp_path) == {GOOD: FILM}
    server.shutdown()
    assert files().check(address, GOOD) == len(FILM)
    assert server.asked == ["/films/a.mp4"]
    files().copy(GOOD, tmp_path / "out.mp4")
    assert (tmp_path / "out.mp4").read_bytes() == FILM


def test_nothing_of_the_caller_goes_along(
    server: FilmServer, files: Files, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    """No proxy of the environment is asked, no password file read."""
    for name in ("http_proxy", "HTTP_PROXY", "ALL_PROXY"):
        monkeypatch.setenv(name, "http://127.0.0.1:9/")
    (tmp_path / ".netrc").write_text("machine 127.0.0.1 login me password secret\n")
    monkeypatch.setenv("HOME", str(tmp_path))
    files().check(f"{server.root}films/a.mp4", GOOD)
    assert set(server.headers[0]) == {"Host", "User-Agent", "Accept", "Accept-Encoding", "Connection"}


def test_a_redirect_within_the_prefixes_is_followed(server: FilmServer, files: Files) -> None:
    server.answers["/films/old.mp4"] = to("a.mp4", 301)
    server.answers["/films/older.mp4"] = to(f"{server.root}films/old.mp4", 307)
    server.answers["/films/signed.mp4"] = to("/films/a.mp4?token=1", 303)
    assert files().check(f"{server.root}films/older.mp4", GOOD) == len(FILM)
    assert server.asked == ["/films/older.mp4", "/films/old.mp4", "/films/a.mp4"]
    with film_server() as other:
        other.answers["/b.mp4"] = b"other"
        server.answers["/films/b.mp4"] = to(f"{other.root}b.mp4")
        assert files(f"{server.root}films/", other.root).check(f"{server.root}films/b.mp4", sha256(b"other")) == 5


def test_an_answer_in_chunks_or_without_a_length_is_whole(server: FilmServer, files: Files) -> None:
    def chunked(one: Handler) -> None:
        one.protocol_version = "HTTP/1.1"
        one.send_response(200)
        one.send_header("Transfer-Encoding", "chunked")
        one.end_headers()
        for part in (FILM[:7], FILM[7:]):
            one.wfile.write(b"%x\r\n%s\r\n" % (len(part), part))
        one.wfile.write(b"0\r\n\r\n")
        one.close_connection = True

    def without(one: Handler) -> None:
        one.send_response(200)
        one.end_headers()
        one.wfile.write(b"short")

    server.answers |= {"/films/c.mp4": chunked, "/films/d.mp4": without}
    assert files().check(f"{server.root}films/c.mp4", GOOD) == len(FILM)
    assert files().check(f"{server.root}films/d.mp4", sha256(b"short")) == 5


# -- wrong ---------------------------------------------------------------------------------------------------------


def test_other_bytes_are_not_kept_and_both_digests_are_said(server: FilmServer, files: Files, tmp_path: Path) -> None:
    server.answers["/films/a.mp4"] = b"another film"
    error = refused(files(), f"{server.root}films/a.mp4")
    assert f"sha256:{sha256(b'another film')}, not sha256:{GOOD}" in error.what
    assert "sha256sum" in error.hint
    assert kept(tmp_path) == {}


@pytest.mark.parametrize(
    ("answer", "words"),
    [
        (None, "the server answered with status 404"),
        (lambda one: one.answer(b"", status=204), "status 204"),
        (lambda one: one.answer(FILM, status=206), "status 206"),
        (lambda one: one.answer(b"", status=401, WWW_Authenticate="Basic"), "status 401"),
        (breaks_off, "broke off before its end"),
        (breaks_off_in_a_chunk, "broke off before its end"),
        (talks_nonsense, "did not answer as web servers do"),
        (hangs, "said nothing for 1 seconds"),
        (stops_in_the_middle, "said nothing for 1 seconds"),
        (drips, "took too long"),
        (drips_its_head, "took too long"),
        (to("/films/a.mp4?", 304), "status 304"),
        (to("/private/a.mp4"), "leads on to /private/a.mp4, which is not below http://127.0.0.1:"),
        (to("/films/../private/a.mp4"), "not below"),
        (to("/films/%2e%2e/private/a.mp4"), "not below"),
        (to("//127.0.0.2/films/a.mp4"), "not below"),
        (to("http://me:word@127.0.0.1/films/a.mp4"), "not below"),
        (to("file:///etc/passwd"), "not below"),
        (to(""), "without end"),
    ],
)
def test_whatever_else_a_server_does_ends_in_a_reason(
    server: FilmServer, files: Files, tmp_path: Path, answer: Callable[[Handler], None] | None, words: str
) -> None:
    server.answers["/private/a.mp4"] = FILM
    if answer is None:
        del server.answers["/films/a.mp4"]
    else:
        server.answers["/films/a.mp4"] = answer
    begun = time.monotonic()
    error = refused(files(patience=QUICK if answer in SLOW else PATIENT), f"{server.root}films/a.mp4")
    assert words in error.what
    assert error.hint
    assert time.monotonic() - begun < PATIENT.silence / 2
    assert kept(tmp_path) == {}
    assert "/private/a.mp4" not in server.asked


def test_nobody_listening_is_a_reason_too(files: Files) -> None:
    with film_server() as gone:
        root = gone.root
    assert "Connection refused" in refused(files(root), f"{root}a.mp4").what


def test_a_file_over_the_limit_is_not_read_to_its_end(server: FilmServer, files: Files, tmp_path: Path) -> None:
    """Neither where the server says how much it is, nor where it says nothing."""
    assert "more than 1000 bytes" in refused(files(most=1_000), f"{server.root}films/a.mp4").what
    server.answers["/films/a.mp4"] = never_ends
    assert "more than 9000000 bytes" in refused(files(most=9_000_000), f"{server.root}films/a.mp4").what
    assert kept(tmp_path) == {}


def test_an_address_that_is_not_allowed_is_not_asked_for_though_its_file_is_kept(
    server: FilmServer, files: Files
) -> None:
    """The administrators may take a place out of the list again; what is kept is no way around that."""
    address = f"{server.root}films/a.mp4"
    files().check(address, GOOD)
    error = refused(files(f"{server.root}other/"), address)
    assert f"is not below {server.root}other/" in error.what
    assert "columns.yaml" in error.hint
    assert len(server.asked) == 1


def test_a_server_that_kept_us_waiting_is_not_waited_for_again(server: FilmServer, files: Files) -> None:
    server.answers["/films/b.mp4"] = hangs
    one = files(patience=QUICK)
    refused(one, f"{server.root}films/b.mp4")
    assert "kept us waiting" in refused(one, f"{server.root}films/a.mp4").what
    assert server.asked == ["/films/b.mp4"]
    assert files().check(f"{server.root}films/a.mp4", GOOD)


def test_all_that_one_command_fetches_has_one_end(server: FilmServer, files: Files) -> None:
    with film_server() as other:
        server.answers["/films/b.mp4"] = drips
        other.answers["/b.mp4"] = drips
        one = files(f"{server.root}films/", other.root, patience=Patience(silence=20, altogether=2))
        begun = time.monotonic()
        refused(one, f"{server.root}films/b.mp4")
        refused(one, f"{other.root}b.mp4")
        assert time.monotonic() - begun < 2 * 2


def test_a_certificate_that_nobody_vouches_for_is_refused(
    files: Files, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    """And one that the system trusts is not: the certificates it trusts are all that the environment may say."""
    with film_server() as server:
        certificate = encrypted(server, tmp_path)
        server.answers["/a.mp4"] = FILM
        root = server.root.replace("http:", "https:")
        assert "no encrypted connection could be made" in refused(files(root), f"{root}a.mp4").what
        monkeypatch.setenv("SSL_CERT_FILE", str(certificate))
        assert files(root).check(f"{root}a.mp4", GOOD) == len(FILM)


# -- what is kept --------------------------------------------------------------------------------------------------


def test_a_spoiled_file_is_fetched_again_and_never_given_out(server: FilmServer, files: Files, tmp_path: Path) -> None:
    one = files()
    address = f"{server.root}films/a.mp4"
    one.check(address, GOOD)
    place = tmp_path / ".git" / FOLDER / GOOD
    place.write_bytes(b"spoiled")
    with pytest.raises(Unavailable, match="changed meanwhile"):
        one.copy(GOOD, tmp_path / "out.mp4")
    assert not (tmp_path / "out.mp4").exists()
    assert one.check(address, GOOD) == len(FILM)
    assert place.read_bytes() == FILM
    place.write_bytes(b"spoiled")
    server.answers.clear()
    assert "status 404" in refused(files(), address).what
    assert kept(tmp_path) == {}


def test_a_file_put_there_by_hand_is_as_good(server: FilmServer, files: Files, tmp_path: Path) -> None:
    """For a machine from which that server cannot be reached."""
    (tmp_path / ".git" / FOLDER).mkdir()
    (tmp_path / ".git" / FOLDER / GOOD).write_bytes(FILM)
    assert files().check(f"{server.root}films/a.mp4", GOOD) == len(FILM)
    assert server.asked == []


def test_what_a_killed_command_left_is_removed_and_what_another_is_writing_is_not(
    server: FilmServer, files: Files, tmp_path: Path
) -> None:
    folder = tmp_path / ".git" / FOLDER
    folder.mkdir()
    (folder / ".part-dead").write_bytes(b"half")
    waits, go_on = threading.Event(), threading.Event()

    def slow(one: Handler) -> None:
        one.answer(FILM[:10], length=len(FILM))
        one.wfile.flush()
        waits.set()
        go_on.wait(10)
        one.wfile.write(FILM[10:])

    server.answers["/films/b.mp4"] = slow
    sizes: list[int] = []
    other = threading.Thread(target=lambda: sizes.append(files().check(f"{server.root}films/b.mp4", GOOD)))
    other.start()
    assert waits.wait(10)
    server.answers["/films/c.mp4"] = b"short"
    files().check(f"{server.root}films/c.mp4", sha256(b"short"))
    assert {name for name in kept(tmp_path) if not name.startswith(".part-")} == {sha256(b"short")}
    assert ".part-dead" not in kept(tmp_path)
    go_on.set()
    other.join(10)
    assert sizes == [len(FILM)]
    assert kept(tmp_path) == {GOOD: FILM, sha256(b"short"): b"short"}


def test_a_full_or_forbidden_disk_is_a_reason_and_no_crash(server: FilmServer, files: Files, tmp_path: Path) -> None:
    (tmp_path / ".git" / FOLDER).write_text("a file where the folder should be")
    assert f"/{FOLDER}/{GOOD} cannot be used: Not a directory" in refused(files(), f"{server.root}films/a.mp4").what
