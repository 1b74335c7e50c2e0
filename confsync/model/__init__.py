"""The nouns of confsync: spaces, pages, attachments, labels, records. Values only, no I/O."""
