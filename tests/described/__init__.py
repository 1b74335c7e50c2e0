"""Atlassian's API descriptions as a judge of every answer the sandbox gives."""
