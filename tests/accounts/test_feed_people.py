from datetime import date

import pytest
from hypothesis import given
from hypothesis import strategies as st
from stdnum.cn import ric

from accounts.feed import people, reasons
from accounts.feed.fields import Wrong

GOOD = "150203198801012343"


def chinese(county="150203", born="19880101", serial="234"):
    number = county + born + serial
    return number + ric.calc_check_digit(number + "0")


@given(born=st.dates(date(1920, 1, 1), date(2025, 12, 31)), serial=st.integers(0, 999))
def test_people_older_than_their_countys_code_have_valid_numbers(born, serial):
    """The codes are of 1983; they were given to everybody then alive."""
    number = chinese(born=f"{born:%Y%m%d}", serial=f"{serial:03}")

    assert people.check_identity_number("CN", number, None) == born


@given(place=st.integers(0, 16), digit=st.sampled_from("0123456789"))
def test_one_mistyped_digit_is_noticed(place, digit):
    typed = GOOD[:place] + digit + GOOD[place + 1 :]
    if typed == GOOD:
        return

    with pytest.raises(Wrong):
        people.check_identity_number("CN", typed, None)


@pytest.mark.parametrize(
    ("number", "reason"),
    [
        (GOOD[:-1] + "4", reasons.IDENTITY_CHECKSUM),
        (chinese(county="999999"), reasons.IDENTITY_PARTS),
        (chinese(born="19880230"), reasons.IDENTITY_PARTS),
        (GOOD[:-1], reasons.IDENTITY_LENGTH),
        ("A" + GOOD[1:], reasons.IDENTITY_LENGTH),
    ],
)
def test_each_fault_has_its_reason(number, reason):
    with pytest.raises(Wrong) as wrong:
        people.check_identity_number("CN", number, None)

    assert wrong.value.reason == reason


def test_a_contradicting_date_of_birth_is_noticed():
    assert people.check_identity_number("CN", GOOD, date(1988, 1, 1)) == date(1988, 1, 1)
    with pytest.raises(Wrong) as wrong:
        people.check_identity_number("CN", GOOD, date(1988, 1, 2))
    assert wrong.value.reason == reasons.IDENTITY_BIRTH_DATE


@pytest.mark.parametrize(
    ("number", "fits"),
    [("800-46-0298", True), ("000-12-3456", False), ("900-12-3456", False), ("800-00-1234", False)],
)
def test_american_numbers_are_social_security_numbers(number, fits):
    normal = people.normal_identity_number("US", number)
    if fits:
        assert (normal, people.check_identity_number("US", normal, None)) == ("800460298", None)
    else:
        with pytest.raises(Wrong):
            people.check_identity_number("US", normal, None)


def test_numbers_of_other_countries_cannot_be_checked():
    with pytest.raises(Wrong) as wrong:
        people.check_identity_number("DE", "T220001293", None)
    assert wrong.value.reason == reasons.IDENTITY_NOT_CHECKABLE


def test_the_same_number_has_one_normal_form():
    assert people.normal_identity_number("CN", " 15020319880101234x ") == "15020319880101234X"


@pytest.mark.parametrize(
    ("country", "raw", "e164", "of", "mobile"),
    [
        ("CN", "139 0000 1234", "+8613900001234", "CN", True),
        ("CN", "+86 139-0000-1234", "+8613900001234", "CN", True),
        ("CN", "0472-5100100", "+864725100100", "CN", False),
        ("CN", "+1 (212) 555-0100", "+12125550100", "US", True),
        ("US", "(212) 555-0100", "+12125550100", "US", True),
    ],
)
def test_phones_are_read_as_dialled_in_their_country(country, raw, e164, of, mobile):
    number = people.check_phone(country, raw)

    assert (number.e164, number.country, number.is_mobile) == (e164, of, mobile)


@pytest.mark.parametrize(
    "raw", ["1390000123", "13900001234 ext. 5", "12345", "call me", "0000", "+99912345678"]
)
def test_what_cannot_be_dialled_is_no_phone(raw):
    with pytest.raises(Wrong):
        people.check_phone("CN", raw)


@given(prefix=st.integers(130, 139), rest=st.integers(0, 10**8 - 1), gap=st.sampled_from(["", " ", "-"]))
def test_the_guess_agrees_with_the_check_for_chinese_mobiles(prefix, rest, gap):
    """Otherwise unchanged numbers would be sealed anew every night."""
    raw = f"{prefix}{gap}{rest:08}"

    assert people.guess_e164("CN", raw) == people.check_phone("CN", raw).e164


@pytest.mark.parametrize(
    ("place", "zones"),
    [
        ({"country": "CN", "province": "内蒙古自治区", "district_code": "150203"}, ["Asia/Shanghai"]),
        ({"country": "CN", "province": "", "district_code": "650102"}, ["Asia/Shanghai", "Asia/Urumqi"]),
        (
            {"country": "CN", "province": "新疆维吾尔自治区", "district_code": ""},
            ["Asia/Shanghai", "Asia/Urumqi"],
        ),
        ({"country": "CN", "province": "", "district_code": ""}, ["Asia/Shanghai", "Asia/Urumqi"]),
        ({"country": "CN", "province": "", "district_code": "810000"}, []),
        ({"country": "US", "province": "NY", "district_code": ""}, ["America/New_York"]),
        ({"country": "US", "province": "TX", "district_code": ""}, []),
        ({"country": "US", "province": "", "district_code": ""}, []),
        ({"country": "RU", "province": "", "district_code": ""}, []),
    ],
)
def test_zones_follow_from_the_place_or_are_unknown(place, zones):
    assert people.zones_of(**place) == zones
