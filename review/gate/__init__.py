"""Decides what may go online, and why the rest may not. Pure: imports `model` only; no git, files, clock, process or network."""
