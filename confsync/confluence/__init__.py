"""The confluence room."""
