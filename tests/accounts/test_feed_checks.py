"""Deliveries that are refused as a whole: nothing changes, the reason is kept."""

from datetime import date

import pytest

from accounts.feed import FeedRefused
from accounts.models import Account, Batch, Customer
from accounts.models.feed import BatchStatus
from tests.accounts.factories import BranchFactory
from tests.accounts.feed_files import AS_OF, account_row, customer_row, deliver, payment_row, write_feed

pytestmark = pytest.mark.django_db


@pytest.fixture
def directory(tmp_path):
    BranchFactory(code="BT")
    return write_feed(tmp_path / "feed", customers=[customer_row()], accounts=[account_row()])


def cut_off(file):
    file.write_bytes(file.read_bytes()[:-5])


def insert_nul(file):
    file.write_bytes(file.read_bytes().replace("包头市".encode(), b"\0\0\0", 1))


def write_as_gbk(file):
    file.write_bytes(file.read_text(encoding="utf-8").encode("gbk"))


def drop_a_column(file):
    file.write_text(file.read_text().replace("branch_code", "branch", 1))


def lose_the_name_column(file):
    header, rest = file.read_text().split("\n", 1)
    file.write_text(header.replace("name,", "", 1) + "\n" + rest)


def name_a_column_twice(file):
    file.write_text(file.read_text().replace("work_phone", "home_phone", 1))


def empty(file):
    file.write_bytes(b"")


def write_one_long_line(file):
    file.write_bytes(file.read_bytes() + b"x" * 70_000 + b"\n")


@pytest.mark.parametrize(
    ("spoil", "said"),
    [
        (cut_off, "cut off in the middle of line 2"),
        (insert_nul, "line 2 holds NUL"),
        (write_as_gbk, "line 2 is not UTF-8"),
        (drop_a_column, "has a column branch that"),
        (lose_the_name_column, "lacks the column name"),
        (name_a_column_twice, "has the column home_phone more than once"),
        (empty, "not even a header"),
        (write_one_long_line, "line 3 is longer"),
    ],
)
def test_a_damaged_file_refuses_the_delivery(directory, spoil, said, english):
    spoil(directory / "customers.csv")

    with pytest.raises(FeedRefused, match=said) as refused:
        deliver(directory)

    batch = Batch.objects.get()
    assert (batch, batch.status, batch.refusal) == (
        refused.value.batch,
        BatchStatus.REFUSED,
        str(refused.value),
    )
    assert not Customer.objects.exists()
    assert not Account.objects.exists()


def test_a_misspelt_file_name_is_noticed(directory, english):
    (directory / "payments.csv").write_text("")
    (directory / "payments.csv").rename(directory / "payment.csv")

    with pytest.raises(FeedRefused, match=r"payment\.csv is not a file of the feed"):
        deliver(directory)


def test_a_directory_without_feed_files_is_refused(directory, tmp_path, english):
    with pytest.raises(FeedRefused, match="There is no directory"):
        deliver(tmp_path / "elsewhere")
    (tmp_path / "bare").mkdir()
    with pytest.raises(FeedRefused, match="holds none of"):
        deliver(tmp_path / "bare")


@pytest.mark.parametrize("source", ["", "Core", "core payments", "c" * 41, "../core"])
def test_a_source_is_a_plain_name(directory, source, english):
    with pytest.raises(FeedRefused, match="small letters"):
        deliver(directory, source=source)


def test_tomorrows_books_are_not_taken(directory, english):
    now = deliver(directory).started_at

    with pytest.raises(FeedRefused, match="has not begun"):
        deliver(directory, as_of=date(2026, 11, 22), now=now)


def test_a_day_before_the_latest_is_refused_for_that_source_only(directory, tmp_path, english):
    deliver(directory)
    late = write_feed(tmp_path / "late", payments=[payment_row()])

    with pytest.raises(FeedRefused, match="comes too late"):
        deliver(late, as_of=date(2026, 11, 19))
    assert deliver(late, as_of=date(2026, 11, 19), source="cards").status == BatchStatus.DONE


def test_other_files_for_a_day_already_taken_are_refused(directory, tmp_path, english):
    deliver(directory)
    other = write_feed(tmp_path / "other", accounts=[account_row(overdue="0.00")])

    with pytest.raises(FeedRefused, match="core-payments"):
        deliver(other)
    assert Account.objects.get().overdue_amount == 500
    assert deliver(other, source="core-payments").status == BatchStatus.DONE
    assert Account.objects.get().overdue_amount == 0


def test_a_refused_delivery_can_come_again_mended(directory):
    whole = (directory / "customers.csv").read_bytes()
    cut_off(directory / "customers.csv")
    with pytest.raises(FeedRefused):
        deliver(directory)
    (directory / "customers.csv").write_bytes(whole)

    assert deliver(directory).status == BatchStatus.DONE
    assert Customer.objects.count() == 1
    assert Batch.objects.filter(as_of=AS_OF).count() == 2


def test_a_byte_order_mark_and_windows_line_ends_do_no_harm(directory):
    file = directory / "customers.csv"
    file.write_bytes(b"\xef\xbb\xbf" + file.read_bytes().replace(b"\n", b"\r\n"))

    batch = deliver(directory)

    assert batch.counts["customers.csv"]["new"] == 1
    assert Customer.objects.get().addresses.get().house_number == "27号"
