"""How tests are spread over the workers: one by one, but those with real processes together, and first.

(`--dist loadgroup` of pytest-xdist 3.8 groups nothing under pytest 9.2: it sets a name that is not read any more.)
"""

import pytest
from xdist.scheduler import LoadScopeScheduling

TOGETHER = "tests/e2e/"


class RealProcessesTogether(LoadScopeScheduling):
    """The largest group is handed out first, so the long tests do not begin when all others have ended."""

    def _split_scope(self, nodeid):
        return TOGETHER if nodeid.startswith(TOGETHER) else nodeid


@pytest.hookimpl(optionalhook=True)
def pytest_xdist_make_scheduler(config, log):
    return RealProcessesTogether(config, log)
