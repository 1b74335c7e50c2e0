"""Who is calling, and what they were allowed to do: tokens, OAuth grants, app keys, sessions, scopes."""
