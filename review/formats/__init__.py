"""Bytes to model and back: YAML, records, policy, statements, manifests, front matter, reports. No files, no git."""
