"""Three trees in, decisions out: what a pull writes and what a push sends. Pure.

`copy` is the working copy as values, `incoming` what the server was seen to hold. `pull` and `push` make
plans of them, `body` composes the lens with the merge, `gates` says what needs a person's word first.
"""
