"""What a server does to storage format when it is saved: check it, and write it its own way."""
