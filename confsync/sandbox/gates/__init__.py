"""What every request passes before it reaches a route, outermost first.

The host it names (`host`), its path (`mount`), the headers every answer has (`diagnostics`), the journal and
the faults (`trouble`), who asks and whether they may (`identity`), and what the call costs (`meter`).
"""
