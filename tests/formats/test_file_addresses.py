"""An address is below a prefix only where no program could take it for another one."""

from __future__ import annotations

import pytest
from hypothesis import given
from hypothesis import strategies as st

from review.formats.file_addresses import MAX_LENGTH, allowing, parse_address

PREFIX = "https://media.example.org/films/"


def allowed(text: str, *prefixes: str, query: bool = False) -> bool:
    address = parse_address(text, query=query)
    return address is not None and allowing(address, prefixes or (PREFIX,)) != ""


@pytest.mark.parametrize(
    "text",
    [
        "https://media.example.org/films/a.mp4",
        "https://media.example.org/films/2026/a.mp4",
        "HTTPS://MEDIA.example.org:443/films/a.mp4",
        "https://media.example.org/%66ilms/a.mp4",
        "https://media.example.org/films/%E7%A7%91%E6%99%AE%20%E4%B8%80.mp4",
        "https://media.example.org/films/科普.mp4",
        "https://media.example.org/films/..a.mp4",
    ],
)
def test_a_file_below_the_prefix_is_allowed_however_it_is_spelled(text: str) -> None:
    assert allowed(text)


@pytest.mark.parametrize(
    "text",
    [
        # another place
        "http://media.example.org/films/a.mp4",
        "https://media.example.org:8443/films/a.mp4",
        "https://media.example.org.evil.example/films/a.mp4",
        "https://evil-media.example.org/films/a.mp4",
        "https://media.example.org/filmsy/a.mp4",
        "https://media.example.org/Films/a.mp4",
        "https://media.example.org/a.mp4",
        "https://media.example.org/films",
        "https://media.example.org/films/",
        "https://media.example.org/films/2026/",
        "//media.example.org/films/a.mp4",
        "ftp://media.example.org/films/a.mp4",
        "file:///films/a.mp4",
        # out of the folder
        "https://media.example.org/films/../a.mp4",
        "https://media.example.org/films/./a.mp4",
        "https://media.example.org/films/%2e%2e/a.mp4",
        "https://media.example.org/films/.%2E/a.mp4",
        "https://media.example.org/films/%252e%252e/a.mp4",
        "https://media.example.org/films/..%2fa.mp4",
        "https://media.example.org/films/..%5ca.mp4",
        "https://media.example.org/films/..\\a.mp4",
        "https://media.example.org/films/..;/a.mp4",
        "https://media.example.org/films/.. /a.mp4",
        "https://media.example.org/films/..%20/a.mp4",
        "https://media.example.org/films//a.mp4",
        "https://media.example.org//films/a.mp4",
        # somebody's name, or another host than it seems
        "https://user@media.example.org/films/a.mp4",
        "https://user:word@media.example.org/films/a.mp4",
        "https://media.example.org@evil.example/films/a.mp4",
        "https://media.example.org\\@evil.example/films/a.mp4",
        "https://evil.example\\.media.example.org/films/a.mp4",
        "https://evil.example#@media.example.org/films/a.mp4",
        "https://media.example.org./films/a.mp4",
        "https://media。example.org/films/a.mp4",
        "httpſ://media.example.org/films/a.mp4",
        "httpſ://media.example.org:443/films/a.mp4",
        "https://media.example.org:４４３/films/a.mp4",
        "https://media.example.org:0/films/a.mp4",
        "https://media.example.org:99999/films/a.mp4",
        # what no file's address has
        "https://media.example.org/films/a.mp4?x=1",
        "https://media.example.org/films/a.mp4#t=3",
        "https://media.example.org/films/a%.mp4",
        "https://media.example.org/films/a%0d%0ab.mp4",
        "https://media.example.org/films/a%00.mp4",
        "https://media.example.org/films/a%ff.mp4",
        "https://media.example.org/films/a\u202eb.mp4",
        "https://media.example.org/films/a b.mp4",
        "https://media.example.org/films/a\n.mp4",
        f"https://media.example.org/films/{'a' * MAX_LENGTH}.mp4",
        "",
    ],
)
def test_what_is_not_plainly_below_the_prefix_is_refused(text: str) -> None:
    assert not allowed(text)


def test_only_a_redirect_may_have_a_query() -> None:
    assert allowed(f"{PREFIX}a.mp4?token=1", query=True)
    assert not allowed("https://media.example.org/a.mp4?/films/a.mp4", query=True)
    assert not allowed(f"{PREFIX}a.mp4?a b", query=True)


@pytest.mark.parametrize("prefix", ["https://media.example.org/films/../", "https://media.example.org/films", "x", ""])
def test_a_prefix_that_cannot_be_read_in_one_way_allows_nothing(prefix: str) -> None:
    assert not allowed("https://media.example.org/films/a.mp4", prefix)


def test_a_prefix_may_be_a_whole_host_with_a_port() -> None:
    assert allowed("http://127.0.0.1:8000/a.mp4", "http://127.0.0.1:8000/")
    assert allowed("http://[::1]:8000/a.mp4", PREFIX, "http://[::1]:8000/")
    assert not allowed("http://127.0.0.1:8001/a.mp4", "http://127.0.0.1:8000/")


@given(st.text(alphabet=st.sampled_from("ab./%2eEfF5cC;@:?#\\ 科"), max_size=24))
def test_what_is_asked_for_lies_in_the_folder_and_reads_as_itself(tail: str) -> None:
    address = parse_address(PREFIX + tail)
    if address is None or not allowing(address, [PREFIX]):
        return
    assert str(address).startswith(PREFIX)
    assert ".." not in str(address).split("/")
    assert str(address).isascii()
    assert parse_address(str(address)) == address
