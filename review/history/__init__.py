"""Reads git, and is the only code that does. Raw objects and signatures in, model values out; it judges nothing."""

import os

# GitPython looks for git while it is imported, and raises. That git is missing is said when it is needed.
os.environ.setdefault("GIT_PYTHON_REFRESH", "quiet")
