"""Observe, plan, apply, record: the runs that keep a space and a working copy the same.

All I/O goes through the ports. A run is: lock → recover → settle conflicts → commit the user's edits →
observe → plan → merge into the files first, base := remote → re-read each page to be written → push what
still differs → read back → record.
"""
