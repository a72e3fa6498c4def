"""Reads git, and is the only code that does. Raw objects and signatures in, model values out; it judges nothing."""
