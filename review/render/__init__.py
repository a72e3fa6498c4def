"""Turns a live set into pages with Pelican, from the bytes that were judged; never sees a directory of posts."""
