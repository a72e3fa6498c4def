"""The verbs of a working day: each turns a state into a `Change` (files and message) and nothing else."""
