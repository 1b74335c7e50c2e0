"""The dialect of Confluence Cloud: REST v2, and v1 where v2 has nothing to offer."""

from confsync.confluence.cloud.remote import CloudRemote

__all__ = ["CloudRemote"]
