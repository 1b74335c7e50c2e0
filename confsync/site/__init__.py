"""The site: a folder of Markdown as static pages that people would rather read than the wiki."""

from confsync.site.build import build_site
from confsync.site.memory import memory_folder
from confsync.site.model import BrokenLink, Problem, SiteReport

__all__ = ["BrokenLink", "Problem", "SiteReport", "build_site", "memory_folder"]
