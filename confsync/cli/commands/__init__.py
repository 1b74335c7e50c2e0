"""One file per command: arguments in, a call to the room that does the work, its answer shown."""
