import pytest
from django.conf import settings
from hypothesis import given
from hypothesis import strategies as st

from compliance.terms import Channel, Purpose
from followups.blanks import BLANKS, FOR, BlanksWrong, ensure_right, examples, fill, names_in
from followups.packaged import packaged_wordings

SMS = {"channel": Channel.SMS, "purpose": Purpose.PAYMENT_REMINDER}


@pytest.mark.parametrize(
    ("body", "wrong"),
    [
        ("{{ sender }} {{hotline}}", ()),
        ("{ sender } 100% # {x}", ()),
        ("{{ visit_day }}", ("visit_day",)),
        ("{{ customer.name }}", ("{{", "}}")),
        ("{{ sender|safe }}", ("{{", "}}")),
        ("{% load x %}", ("{%", "%}")),
        ("{# x #}", ("{#", "#}")),
        ("{{ sender", ("{{",)),
        ("{{ Sender }}", ("{{", "}}")),
        ("{{  sender  }}", ("{{", "}}")),
        ("{{ __class__ }}", ("__class__",)),
    ],
)
def test_only_the_blanks_of_the_list_may_stand_in_braces(body, wrong):
    if not wrong:
        ensure_right(body, **SMS)
        return
    with pytest.raises(BlanksWrong) as no:
        ensure_right(body, **SMS)

    assert no.value.pieces == wrong


@given(st.text(max_size=30))
def test_what_is_filled_in_is_never_read_again(value):
    text = fill("a{{ sender }}b", {"sender": value or "x", "hotline": "secret"}).text

    assert text == f"a{value or 'x'}b"


@pytest.mark.parametrize("values", [{}, {"sender": ""}])
def test_a_blank_is_not_left_empty(values):
    with pytest.raises(BlanksWrong, match="sender"):
        fill("{{ sender }}", values)


BODY = "ab{{ sender }}cd{{ hotline }}e"


@pytest.mark.parametrize(
    ("start", "end", "piece"),
    [
        (0, 1, "a"),
        (1, 2, "b"),
        (0, 2, "ab"),
        (2, 5, "{{ sender }}"),
        (3, 4, "{{ sender }}"),
        (1, 4, "b{{ sender }}"),
        (5, 7, "cd"),
        (6, 8, "d{{ hotline }}"),
        (9, 10, "e"),
    ],
)
def test_a_place_in_the_text_is_a_place_in_the_template(start, end, piece):
    filled = fill(BODY, {"sender": "XYZ", "hotline": "12"})
    assert filled.text == "abXYZcd12e"

    begin, stop = filled.in_body(start, end)

    assert BODY[begin:stop] == piece


def test_every_blank_of_the_list_is_used_and_has_examples():
    assert {name for names in FOR.values() for name in names} == set(BLANKS)
    for channel, purpose in FOR:
        for language, _name in settings.LANGUAGES:
            assert all(examples(channel=channel, purpose=purpose, language=language).values())


@pytest.mark.parametrize(
    "one", packaged_wordings(), ids=lambda one: f"{one.channel} {one.purpose} {one.language}"
)
def test_packaged_wordings_have_the_right_blanks(one):
    ensure_right(one.body, channel=one.channel, purpose=one.purpose)

    assert "sender" in names_in(one.body)
    assert "hotline" in names_in(one.body)
