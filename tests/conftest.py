"""What holds for all tests.

Hypothesis looks at new examples in every run at home, and at the same ones in CI: what lands is judged
by its change, not by luck. Counterexamples found by chance become named tests.
"""

import os

from hypothesis import settings

settings.register_profile("ci", derandomize=True)
if os.environ.get("CI"):
    settings.load_profile("ci")
