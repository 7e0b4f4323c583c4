"""What every test stands on: no deadline for an example, and no width or language of whose terminal started the tests."""

import os

from hypothesis import HealthCheck, settings

# A loaded machine is no defect: how long an example takes says nothing about it.
settings.register_profile("onecard", deadline=None, suppress_health_check=[HealthCheck.too_slow])
settings.load_profile("onecard")

os.environ.pop("COLUMNS", None)
for name in ("ONECARD_LANG", "LC_ALL", "LC_MESSAGES"):
    os.environ.pop(name, None)
os.environ["LANG"] = "C.UTF-8"
