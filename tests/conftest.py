"""How properties are tried: the same examples in every run, and no clock; a run of the long tests looks for new ones.

An interrupt is heard here as by a program at a terminal, also where the tests were started in the background, which ignores it.
"""

from __future__ import annotations

import signal

from hypothesis import HealthCheck, settings

NO_CLOCK = settings(deadline=None, suppress_health_check=[HealthCheck.too_slow])
settings.register_profile("same", NO_CLOCK, derandomize=True, database=None)
settings.register_profile("new", NO_CLOCK, print_blob=True)
settings.load_profile("same")
signal.signal(signal.SIGINT, signal.default_int_handler)
