"""Bytes to model and back: strict YAML, records, policy files, statements, manifests, front matter, reports. No files, no git."""
