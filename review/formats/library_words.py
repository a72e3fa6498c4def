"""What libraries say about broken files, as messages of ours, so that they too are said in the reader's language."""

from __future__ import annotations

from review.messages import t

_KNOWN = {
    str(one): one
    for one in (
        # libyaml
        t("block sequence entries are not allowed in this context"),
        t("control characters are not allowed"),
        t("could not find expected ':'"),
        t("did not find expected '-' indicator"),
        t("did not find expected ',' or ']'"),
        t("did not find expected ',' or '}}'"),
        t("did not find expected <document start>"),
        t("did not find expected alphabetic or numeric character"),
        t("did not find expected comment or line break"),
        t("did not find expected hexdecimal number"),
        t("did not find expected key"),
        t("did not find expected node content"),
        t("did not find expected whitespace or line break"),
        t("did not find the expected '>'"),
        t("found a tab character that violates indentation"),
        t("found a tab character where an indentation space is expected"),
        t("found an indentation indicator equal to 0"),
        t("found character that cannot start any token"),
        t("found incompatible YAML document"),
        t("found invalid Unicode character escape code"),
        t("found undefined tag handle"),
        t("found unexpected ':'"),
        t("found unexpected document indicator"),
        t("found unexpected end of stream"),
        t("found unknown directive name"),
        t("found unknown escape character"),
        t("mapping values are not allowed in this context"),
        # Python, about days and times
        t("date value out of range"),
        t("day is out of range for month"),
        t("hour must be in 0..23"),
        t("minute must be in 0..59"),
        t("month must be in 1..12"),
        t("second must be in 0..59"),
        t("year 0 is out of range"),
        # the system, about files
        t("Device or resource busy"),
        t("Directory not empty"),
        t("File exists"),
        t("File name too long"),
        t("Input/output error"),
        t("Is a directory"),
        t("No such file or directory"),
        t("No space left on device"),
        t("Not a directory"),
        t("Operation not permitted"),
        t("Permission denied"),
        t("Read-only file system"),
        t("Too many open files"),
        t("Too many levels of symbolic links"),
        # the system, about networks
        t("Connection refused"),
        t("Connection reset by peer"),
        t("Connection timed out"),
        t("Name or service not known"),
        t("Network is unreachable"),
        t("No address associated with hostname"),
        t("No route to host"),
        t("Temporary failure in name resolution"),
    )
}


def known(words: str) -> str:
    """Return what a library said as a message, where it is known; else as it is."""
    return _KNOWN.get(words, words)


def of_error(error: BaseException) -> str:
    """Return what an exception says; a message stays one."""
    said = error.strerror if isinstance(error, OSError) and error.strerror else error.args[0] if error.args else ""
    return known(said) if isinstance(said, str) and said else known(str(error))
