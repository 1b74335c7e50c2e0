"""The lens itself: get, put, alignment and splicing."""
