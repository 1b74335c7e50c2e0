"""The site: a folder of Markdown as static pages that people would rather read than the wiki."""

from confsync.site.door import build_site, export_tree
from confsync.site.places import memory_folder
from confsync.site.report import BrokenLink, Problem, SiteReport
from confsync.site.request import Request

__all__ = ["BrokenLink", "Problem", "Request", "SiteReport", "build_site", "export_tree", "memory_folder"]
