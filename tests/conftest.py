"""What every test shares: property tests answer for what they find, not for how busy the machine is."""

from __future__ import annotations

from hypothesis import settings

settings.register_profile("qianfa", deadline=None)
settings.load_profile("qianfa")
