from itertools import count

import pytest
from django.utils import translation

from tests.accounts.factories import BranchFactory
from tests.accounts.feed_files import deliver, write_feed


@pytest.fixture
def feed(db, tmp_path):
    """`feed(customers=[…], accounts=[…], as_of=…)` writes the files and imports them."""
    BranchFactory(code="BT")
    numbers = count()

    def write_and_deliver(*, as_of=None, source="core", now=None, **files):
        directory = write_feed(tmp_path / f"feed{next(numbers)}", **files)
        given = {"as_of": as_of} if as_of else {}
        return deliver(directory, source=source, now=now, **given)

    return write_and_deliver


@pytest.fixture
def english():
    with translation.override("en"):
        yield
