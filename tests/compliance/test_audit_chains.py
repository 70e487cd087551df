"""Any chain verifies, and a change of anything in it is named where it is."""

from datetime import UTC, datetime, timedelta

import pytest
from hypothesis import given
from hypothesis import strategies as st

from compliance.audit import Chain
from compliance.audit.hashing import EMPTY, Head, canonical, hash_of, link, mac_of
from compliance.audit.verifying import Walk

KEY = b"k" * 32
BEGIN = datetime(2026, 1, 1, tzinfo=UTC)

scalars = st.none() | st.booleans() | st.integers(-(10**12), 10**12) | st.text(max_size=8)
details = st.dictionaries(
    st.text(max_size=8),
    scalars | st.lists(scalars, max_size=3) | st.dictionaries(st.text(max_size=4), scalars),
)
news = st.tuples(
    st.sampled_from(["POLICY", "EXPORT"]),
    st.datetimes(datetime(2000, 1, 1), datetime(2199, 1, 1), timezones=st.just(UTC)),
    st.none() | st.integers(1, 99),
    st.text(st.characters(codec="utf-8", exclude_categories=["Cs"]), max_size=20),
    st.sampled_from(["", "a" * 64]),
    details,
)


def chain_of(said):
    entries, head = [], EMPTY
    for kind, at, by, subject, digest, detail in said:
        entry = link(
            head,
            chain="POLICY",
            kind=kind,
            at=at,
            by=by,
            subject=subject,
            subject_digest=digest,
            detail=detail,
            key=KEY,
        )
        entries.append(entry)
        head = Head(entry.seq, entry.hash)
    return entries


def walked(entries, *, anchors=None):
    """What a verification finds in `entries`, in the order in which the database gives them."""
    walk = Walk(Chain.POLICY, anchors or {})
    walk.key = KEY
    mine = sorted((entry for entry in entries if entry.chain == "POLICY"), key=lambda entry: entry.seq)
    walk.take([entry._replace(subject_digest=entry.subject_digest) for entry in mine])
    return walk.bad and (walk.bad.seq, str(walk.bad.what)), walk


def changed_text(text, at):
    """The text with one byte of its own changed, or with one byte more."""
    data = bytearray(text.encode())
    if not data:
        return "x"
    data[at % len(data)] ^= 1
    try:
        return data.decode()
    except UnicodeDecodeError:
        return text + "x"


CHANGES = {
    "kind": changed_text,
    "subject": changed_text,
    "subject_digest": changed_text,
    "body": changed_text,
    "prev": changed_text,
    "hash": changed_text,
    "mac": changed_text,
    "at": lambda at, n: at + timedelta(microseconds=n + 1),
    "by": lambda by, n: (by or 0) + n + 1,
    "seq": lambda seq, n: 10_000 + n,
    "chain": lambda chain, n: "PEOPLE",
}


@given(st.lists(news, max_size=8))
def test_any_sequence_of_entries_verifies(said):
    entries = chain_of(said)

    found, walk = walked(entries)

    assert found is None
    assert walk.entries == len(entries)
    assert walk.head == (Head(entries[-1].seq, entries[-1].hash) if entries else EMPTY)


@given(st.lists(news, min_size=1, max_size=6), st.data())
def test_any_change_of_any_field_is_named_at_its_number(said, data):
    entries = chain_of(said)
    position = data.draw(st.integers(0, len(entries) - 1))
    field = data.draw(st.sampled_from(sorted(CHANGES)))
    entry = entries[position]
    changed = CHANGES[field](getattr(entry, field), data.draw(st.integers(0, 500)))
    anchors = {entries[-1].seq: {entries[-1].hash}}

    entries[position] = entry._replace(**{field: changed})
    found, walk = walked(entries, anchors=anchors)
    if found is None:  # the last entry moved away
        assert field in ("seq", "chain")
        assert walk.head.seq + 1 == entry.seq
        assert max(anchors) > walk.head.seq
        return

    assert found[0] == entry.seq


@given(st.lists(news, min_size=2, max_size=6), st.data())
def test_any_removed_entry_but_the_last_is_named(said, data):
    entries = chain_of(said)
    position = data.draw(st.integers(0, len(entries) - 2))

    del entries[position]

    assert walked(entries)[0] == (position + 1, "ENTRY_MISSING")


@given(st.lists(news, min_size=1, max_size=5), st.data())
def test_a_chain_computed_anew_without_the_key_is_named_at_the_change(said, data):
    entries = chain_of(said)
    position = data.draw(st.integers(0, len(entries) - 1))
    head, forged = (Head(0, "0" * 64) if not position else Head(position, entries[position - 1].hash)), []
    for entry in entries[position:]:
        body = entry.body.replace('"detail":{', '"detail":{"":"forged",', 1) if not forged else entry.body
        hashed = hash_of(head.hash, body)
        forged.append(
            entry._replace(body=body, prev=head.hash, hash=hashed, mac=mac_of(hashed, key=b"guess"))
        )
        head = Head(entry.seq, hashed)

    assert walked([*entries[:position], *forged])[0] == (position + 1, "WRONG_MAC")


def test_canonical_json_has_one_form():
    assert canonical({"b": [1, None, True], "a": "走访"}) == '{"a":"走访","b":[1,null,true]}'
    with pytest.raises(ValueError, match="JSON"):
        canonical({"a": float("nan")})
