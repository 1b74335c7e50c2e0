"""The command line: the only room that joins the engine to its adapters.

`main` is the entry point; `registry` knows the commands and loads each when it is asked for; `opening` makes
a `Session`; `terminal`, `reporter`, `person`, `show` and `as_json` speak to whoever is there; `trouble` turns
every error into a line or two and an exit code.
"""
