"""The query language: a grammar, its tree, and what it means in SQL."""
