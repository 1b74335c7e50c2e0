"""`python -m confsync`."""

from confsync.cli.main import main

main()
