"""The table of macros: a new macro is a new file, or a line in its family's, listed here.

Other packages add theirs through entry points, see `confsync.convert.rules.others`.
"""

from confsync.convert.rules.macro import MacroTable
from confsync.convert.rules.macros import fences, files, includes, listings, panels, structure
from confsync.convert.rules.others import rules_of_others

MACROS = MacroTable(
    [*panels.RULES, *structure.RULES, *listings.RULES, *includes.RULES, *files.RULES, *fences.RULES],
    rules_of_others,
)
