"""What macros show on the site: one file per family, one table for all.

A macro is a function of its directive and of the page that it stands on, see `confsync.site.macros.desk`.
What it returns goes through the allow-list like the text around it, unless it was put aside as safe.
"""
