"""The whole story in one command: a Confluence on this machine, a clone, two writers, a sync, a site."""
