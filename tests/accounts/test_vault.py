import base64
from uuid import UUID

import pytest
from hypothesis import given
from hypothesis import strategies as st

from accounts import vault

COLUMN = "customer.identity_number"
ROW = UUID("00000000-0000-0000-0000-000000000001")
OTHER_ROW = UUID("00000000-0000-0000-0000-000000000002")


def key(letter):
    return base64.urlsafe_b64encode(letter * 32).decode()


@given(text=st.text(max_size=200), row=st.uuids())
def test_what_was_sealed_opens_in_its_own_place(text, row):
    assert vault.unseal(vault.seal(text, column=COLUMN, row=row), column=COLUMN, row=row) == text


@pytest.mark.parametrize(
    ("column", "row"), [(COLUMN, OTHER_ROW), ("phone.number", ROW)], ids=["another row", "another column"]
)
def test_a_sealed_value_copied_elsewhere_does_not_open(column, row):
    sealed = vault.seal("150203198801012343", column=COLUMN, row=ROW)

    with pytest.raises(vault.NotOpened):
        vault.unseal(sealed, column=column, row=row)


@given(position=st.integers(min_value=0, max_value=60), flip=st.integers(min_value=1, max_value=255))
def test_an_altered_value_does_not_open(position, flip):
    sealed = bytearray(vault.seal("150203198801012343", column=COLUMN, row=ROW))
    sealed[position % len(sealed)] ^= flip

    with pytest.raises(vault.NotOpened):
        vault.unseal(bytes(sealed), column=COLUMN, row=ROW)


def test_the_same_text_is_sealed_differently_each_time():
    assert vault.seal("x", column=COLUMN, row=ROW) != vault.seal("x", column=COLUMN, row=ROW)


def test_after_rotation_old_values_open_and_new_ones_take_the_new_key(settings):
    settings.DATA_KEYS = {"old": key(b"o")}
    old = vault.seal("150203198801012343", column=COLUMN, row=ROW)

    settings.DATA_KEYS = {"new": key(b"n"), "old": key(b"o")}
    new = vault.seal("150203198801012343", column=COLUMN, row=ROW)

    assert new.startswith(b"new\0")
    assert {vault.unseal(each, column=COLUMN, row=ROW) for each in (old, new)} == {"150203198801012343"}


def test_a_value_whose_key_is_gone_does_not_open(settings):
    settings.DATA_KEYS = {"old": key(b"o")}
    sealed = vault.seal("x", column=COLUMN, row=ROW)
    settings.DATA_KEYS = {"new": key(b"n")}

    with pytest.raises(vault.NotOpened, match="old"):
        vault.unseal(sealed, column=COLUMN, row=ROW)


def test_another_key_under_the_same_name_does_not_open(settings):
    settings.DATA_KEYS = {"main": key(b"a")}
    sealed = vault.seal("x", column=COLUMN, row=ROW)
    settings.DATA_KEYS = {"main": key(b"b")}

    with pytest.raises(vault.NotOpened):
        vault.unseal(sealed, column=COLUMN, row=ROW)


@given(first=st.text(max_size=30), second=st.text(max_size=30))
def test_the_blind_index_tells_equality_and_nothing_across_columns(first, second):
    index = vault.blind_index(first, column=COLUMN)

    assert len(index) == 32
    assert (index == vault.blind_index(second, column=COLUMN)) == (first == second)
    assert index != vault.blind_index(first, column="phone.number")


def test_the_blind_index_depends_on_its_own_key(settings):
    before = vault.blind_index("x", column=COLUMN)
    settings.INDEX_KEY = key(b"i")

    assert vault.blind_index("x", column=COLUMN) != before


@pytest.mark.parametrize(
    ("number", "masked"),
    [
        ("150203198801012343", "1502**********2343"),
        ("800460298", "*****0298"),
        ("12345678", "********"),
        ("", ""),
    ],
)
def test_identity_numbers_are_masked_so_that_fragments_show_nothing(number, masked):
    assert vault.masked_identity_number(number) == masked


@pytest.mark.parametrize(
    ("number", "masked"), [("+8613900001234", "+86139****1234"), ("12345678", "****"), ("", "****")]
)
def test_phones_are_masked(number, masked):
    assert vault.masked_phone(number) == masked


@pytest.mark.parametrize(
    ("name", "masked"), [("张三丰", "张**"), ("李", "李"), ("John Smith", "J*** S****"), ("", "")]
)
def test_names_are_masked(name, masked):
    assert vault.masked_name(name) == masked
