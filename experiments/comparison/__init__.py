"""Policies against a reference on the same futures: figures, words, pictures and the report."""
