"""The site: a folder of Markdown as static pages that people would rather read than the wiki."""

from confsync.site.door import build_site
from confsync.site.places import memory_folder
from confsync.site.report import BrokenLink, Problem, SiteReport

__all__ = ["BrokenLink", "Problem", "SiteReport", "build_site", "memory_folder"]
