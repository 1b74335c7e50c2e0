"""REST v1 alone: Data Center, and Cloud where v2 is not to be had; offset paging, people with keys or ids."""

from confsync.confluence.v1.edition import CLOUD, DATA_CENTER, Edition
from confsync.confluence.v1.remote import V1Remote

__all__ = ["CLOUD", "DATA_CENTER", "Edition", "V1Remote"]
