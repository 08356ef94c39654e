"""How properties are tried: the same examples in every run, and no clock; a run of the long tests looks for new ones."""

from __future__ import annotations

from hypothesis import HealthCheck, settings

NO_CLOCK = settings(deadline=None, suppress_health_check=[HealthCheck.too_slow])
settings.register_profile("same", NO_CLOCK, derandomize=True, database=None)
settings.register_profile("new", NO_CLOCK, print_blob=True)
settings.load_profile("same")
