"""Settings of this site's pages: part of the policy, in force once the administrators have signed them.

Open to this file are `DEFAULT_PAGINATION` and `FEED_MAX_ITEMS` (posts a page and a feed, 1 to 100); `SITESUBTITLE`, `MENUITEMS`,
`LINKS`, `FOOTER` and `THEME_OPTIONS`, which go to the theme's templates; `JINJA_FILTERS`, `JINJA_GLOBALS` and `JINJA_TESTS`. All
else follows from the sign-offs. What the pages say of who runs the site stands in `columns.yaml`; to change single pages of the
theme, put templates of the same name into `theme/overrides/templates/` and files into `theme/overrides/static/`.
"""

import sys

# A bare `pelican` would publish what nobody signed.
if "review.render.worker" not in sys.modules:
    raise SystemExit(
        "pelicanconf.py: this site is not built by pelican; run `qianfa build --output DIR` or `qianfa preview`"
    )

DEFAULT_PAGINATION = 20
FEED_MAX_ITEMS = 20
FOOTER = "本站每一篇内容都经签发后发布，签发记录随文公开，可离线核验。"
