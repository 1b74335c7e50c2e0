"""Source trees for other site generators: the same pages, in their Markdown, with their navigation."""
