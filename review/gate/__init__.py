"""Decides what may go online, and why the rest may not. Imports `model` only: no git, files, clock or network."""
