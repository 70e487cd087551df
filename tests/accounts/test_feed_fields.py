from datetime import date
from decimal import Decimal

import pytest
from hypothesis import given
from hypothesis import strategies as st

from accounts.feed import fields
from accounts.feed.fields import Wrong


@given(st.decimals(min_value=-(10**15), max_value=10**15, places=2, allow_nan=False))
def test_every_amount_with_two_decimals_is_read_to_the_cent(amount):
    assert Decimal(fields.money(f"{amount:.2f}")) == amount


@pytest.mark.parametrize(
    "raw",
    [
        "NaN",
        "inf",
        "-inf",
        "1e5",
        "5e+05",
        "1",
        "1.5",
        "1.500",
        "1,000.00",
        "+1.00",
        ".50",
        "1.",
        "١.٠٠",
        " 1.00",
        "--1.00",
    ],
)
def test_other_writings_are_no_amounts(raw):
    with pytest.raises(Wrong):
        fields.money(raw)


def test_seventeen_digits_before_the_point_do_not_fit():
    assert fields.money("9" * 16 + ".99")
    with pytest.raises(Wrong):
        fields.money("9" * 17 + ".99")


@pytest.mark.parametrize(
    ("raw", "positive"), [("0.01", True), ("0.00", False), ("-0.01", False), ("-0.00", False)]
)
def test_a_payment_is_above_zero(raw, positive):
    if positive:
        assert fields.money_above_zero(raw) == raw
    else:
        with pytest.raises(Wrong):
            fields.money_above_zero(raw)


@given(st.dates(min_value=date(1900, 1, 1), max_value=date(2199, 12, 31)))
def test_dates_are_read_as_written(day):
    assert fields.day(day.isoformat()) == day.isoformat()


@pytest.mark.parametrize(
    "raw", ["2026-02-30", "20261120", "2026-W47-5", "20.11.2026", "2026-1-1", "1899-12-31", "二〇二六"]
)
def test_other_writings_are_no_dates(raw):
    with pytest.raises(Wrong):
        fields.day(raw)


@pytest.mark.parametrize(
    "raw", ["2026-11-20", "2026-11-20T10:30:00", "2026-11-20 10:30:00+08:00", "2026-11-20T25:00:00Z"]
)
def test_an_instant_needs_its_offset(raw):
    with pytest.raises(Wrong):
        fields.instant(raw)


def test_an_instant_keeps_its_offset():
    assert fields.instant("2026-11-20T10:30:00+08:00") == "2026-11-20T10:30:00+08:00"
    assert fields.instant("2026-11-20T10:30:00.5Z") == "2026-11-20T10:30:00.500000+00:00"


def test_a_month_becomes_its_first_day():
    assert fields.month("2026-11") == "2026-11-01"
    with pytest.raises(Wrong):
        fields.month("2026-13")


@pytest.mark.parametrize(
    ("raw", "fits"),
    [("90", True), ("-90.000000", True), ("90.000001", False), ("4o.5", False), ("1e1", False)],
)
def test_latitudes_lie_on_earth(raw, fits):
    if fits:
        assert fields.degrees(90)(raw) == raw
    else:
        with pytest.raises(Wrong):
            fields.degrees(90)(raw)


def test_text_is_trimmed_and_bounded():
    read = fields.text(5)

    assert read("\u3000李\u00a0 明 ") == "李 明"
    assert read("五个汉字吧") == "五个汉字吧"
    for wrong in ("六个汉字吧了", "a\tb", "a\u202eb", "a\x1bb"):
        with pytest.raises(Wrong):
            read(wrong)


def test_time_zones_must_be_known():
    assert fields.time_zones("Asia/Shanghai; Asia/Urumqi;Asia/Shanghai") == "{Asia/Shanghai,Asia/Urumqi}"
    for wrong in ("Asia/Peking", "CST", "Asia/Shanghai;", "Asia/Shanghai,Asia/Urumqi"):
        with pytest.raises(Wrong):
            fields.time_zones(wrong)


@given(st.text(alphabet="0123456789Xx ,.-", max_size=60))
def test_no_long_number_is_shown_whole(value):
    shown = fields.masked(value)

    longest = max((len(run) for run in "".join(c if c.isdigit() else " " for c in shown).split()), default=0)
    assert longest <= 8
