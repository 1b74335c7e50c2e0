"""What each construct looks like as HTML; styles are classes, for a strict policy allows no inline style."""
