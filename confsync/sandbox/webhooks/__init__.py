"""Webhooks: what happens on the site, told to addresses that asked for it."""
