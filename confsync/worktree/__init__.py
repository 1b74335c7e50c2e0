"""The worktree room."""
