"""Which HTML a post's text may have. The renderer takes out all other, and `qianfa check` says beforehand that it will."""

from __future__ import annotations

_BLOCKS = "p div h1 h2 h3 h4 h5 h6 hr blockquote pre ul ol li dl dt dd figure figcaption details summary"
_INLINE = "a abbr b br cite code del dfn em i ins kbd mark q rp rt ruby s samp small span strong sub sup time u var wbr"
_TABLES = "table caption colgroup col thead tbody tfoot tr th td"
_MEDIA = "img video audio source track"
TAGS = frozenset(f"{_BLOCKS} {_INLINE} {_TABLES} {_MEDIA}".split())
"""The tags that stay, in lower case. Of every other only what stands inside it stays, as text."""

EMBEDDING = frozenset({"iframe", "object", "embed", "applet", "frame", "frameset", "param", "portal"})
"""Tags by which others' pages and films are shown in a page; none of them stays."""

TAKEN_WHOLE = frozenset({"script", "style"})
"""The tags that go with all that stands inside them."""
