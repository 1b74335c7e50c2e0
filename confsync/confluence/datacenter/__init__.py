"""The dialect of Data Center: REST v1 alone, people with keys, offset paging."""

from confsync.confluence.datacenter.remote import DataCenterRemote

__all__ = ["DataCenterRemote"]
