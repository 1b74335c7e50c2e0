"""Trouble on demand: which requests go wrong, how often, and in what way.

A kind of trouble is a name in `trouble.Trouble` and an effect in `effects`, registered in its table.
"""

from confsync.sandbox.faults.fault import Fault
from confsync.sandbox.faults.force import Faults
from confsync.sandbox.faults.trouble import Trouble

__all__ = ["Fault", "Faults", "Trouble"]
