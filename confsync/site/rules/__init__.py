"""Rules over markdown-it's tokens, one construct per file."""
