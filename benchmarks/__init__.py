"""Measure Qianfa on repositories made to measure. Run by hand; the results are in docs/performance.md."""
