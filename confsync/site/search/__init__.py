"""The search of a site: an index in small classic scripts, which load from disk as well as from a server."""
