"""The `qianfa` command, by person. Thin: it reads arguments, calls the pipeline and prints."""
