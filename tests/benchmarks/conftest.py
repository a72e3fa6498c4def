"""The benchmarks are no part of the engine, so they are not installed with it: they lie in the project's root."""

from __future__ import annotations

import sys
from pathlib import Path

# At the end: the engine that tests import is the installed one, not the one beside the benchmarks.
sys.path.append(str(Path(__file__).resolve().parents[2]))
