"""The table of macros: a new macro is a new file, or a line in its family's, listed here."""

from confsync.convert.rules.macro import MacroTable
from confsync.convert.rules.macros import fences, includes, listings, panels, structure

MACROS = MacroTable([*panels.RULES, *structure.RULES, *listings.RULES, *includes.RULES, *fences.RULES])
