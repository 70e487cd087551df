from pathlib import Path

import pytest

from config.embedded.layout import Layout
from tests.e2e.branch import BranchAtWork


@pytest.fixture(scope="session")
def branch_at_work(tmp_path_factory):
    """One branch for all tests here: starting it takes longer than most of them."""
    branch = BranchAtWork(Layout(Path(tmp_path_factory.mktemp("branch"))))
    try:
        branch.start()
        yield branch
    finally:
        branch.stop()


@pytest.fixture
def branch(branch_at_work, django_db_blocker):
    with django_db_blocker.unblock(), branch_at_work.database():
        yield branch_at_work
