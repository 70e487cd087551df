"""Two imports at once, and an import that breaks off."""

import threading

import pytest
from django.db import connection

from accounts.feed import ImportUnderWay
from accounts.models import Account, Batch, Case, Customer
from tests.accounts.factories import BranchFactory
from tests.accounts.feed_files import account_row, customer_row, deliver, write_feed


@pytest.fixture
def directory(committed_db, tmp_path):
    BranchFactory(code="BT")
    return write_feed(tmp_path / "feed", customers=[customer_row()], accounts=[account_row()])


def in_another_thread(work):
    """Run `work` on a connection of its own and return what it returned or raised."""
    outcome = []

    def run():
        try:
            outcome.append(work())
        except ImportUnderWay as problem:
            outcome.append(problem)
        finally:
            connection.close()

    thread = threading.Thread(target=run)
    thread.start()
    thread.join(timeout=30)
    return outcome[0]


def test_a_second_import_meanwhile_stops_at_once(directory):
    second = []

    def report(*_):
        if not second:
            second.append(in_another_thread(lambda: deliver(directory)))

    deliver(directory, report=report)

    assert isinstance(second[0], ImportUnderWay)
    assert Batch.objects.count() == 1
    assert Case.objects.count() == 1


def test_afterwards_the_lock_is_free_again(directory):
    first = deliver(directory)

    assert in_another_thread(lambda: deliver(directory)) == first


def test_an_import_that_breaks_off_leaves_nothing_behind(directory):
    def break_off(what, done, total):
        if what == "accounts.csv":
            raise KeyboardInterrupt

    with pytest.raises(KeyboardInterrupt):
        deliver(directory, report=break_off)

    assert [model.objects.count() for model in (Customer, Account, Batch)] == [0, 0, 0]
    assert deliver(directory).counts["accounts.csv"]["new"] == 1
