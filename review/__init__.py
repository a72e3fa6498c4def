"""Qianfa: publish an accountable organisation's website from signed commits."""

__version__ = "0.1.0"
