from pathlib import Path

import pytest
from django.db import connection

from config.embedded.layout import Layout
from tests.e2e.branch import BranchAtWork
from tests.servers import ORDINARY_YEARS


@pytest.fixture(scope="session")
def branch_at_work(tmp_path_factory, django_db_blocker):
    """One branch for all tests here: starting it takes longer than most of them. No day is a holiday."""
    branch = BranchAtWork(Layout(Path(tmp_path_factory.mktemp("branch"))))
    try:
        branch.start()
        with django_db_blocker.unblock(), branch.database(), connection.cursor() as cursor:
            cursor.execute("DELETE FROM compliance_holiday")
            cursor.execute("DELETE FROM compliance_holidayyear")
            cursor.execute(ORDINARY_YEARS)
        yield branch
    finally:
        branch.stop()


@pytest.fixture
def branch(branch_at_work, django_db_blocker):
    with django_db_blocker.unblock(), branch_at_work.database():
        yield branch_at_work
