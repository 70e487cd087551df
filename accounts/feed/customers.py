"""Rows of customers.csv made ready: identity number and phones checked, indexed and sealed.

What is known already is found by its blind index, so an unchanged customer is neither checked nor sealed again.
"""

from dataclasses import dataclass
from datetime import date
from uuid import UUID, uuid4

from django.db.backends.utils import CursorWrapper

from accounts import vault
from accounts.feed import people, reasons
from accounts.feed.fields import Wrong, as_array
from accounts.feed.format import Values
from accounts.feed.rows import Chunk
from accounts.models.customers import IDENTITY_NUMBER, PHONE_NUMBER, PhoneKind

PHONE_COLUMNS = {"mobile_phone": PhoneKind.OWN, "home_phone": PhoneKind.HOME, "work_phone": PhoneKind.WORK}
COORDINATES = ("latitude", "longitude", "datum")
EARLIEST_BIRTH = date(1900, 1, 1)

# The columns of staged_customer that are made here and not read from the file.
MADE = ("id", "identity_sealed", "identity_index", "identity_masked")
STAGED_PHONE = ("line", "id", "kind", "sealed", "index", "masked", "country", "is_mobile")

KNOWN = """
SELECT c.bank_number, c.id, c.identity_number_index, c.birth_date,
       ARRAY(SELECT p.number_index FROM accounts_phone p WHERE p.customer_id = c.id)
FROM accounts_customer c WHERE c.bank_number = ANY(%s)
"""


@dataclass(frozen=True)
class Known:
    """What the database holds of a customer whose row is being read."""

    id: UUID
    identity_index: bytes | None = None
    birth_date: date | None = None
    phones: frozenset[bytes] = frozenset()


def known_customers(cursor: CursorWrapper, numbers: list[str]) -> dict[str, Known]:
    cursor.execute(KNOWN, [numbers])
    return {
        number: Known(row, bytes(index) if index else None, birth, frozenset(map(bytes, phones)))
        for number, row, index, birth, phones in cursor.fetchall()
    }


def prepare_customers(cursor: CursorWrapper, chunk: Chunk, *, as_of: date) -> list[Values]:
    """Complete the chunk's rows in place and return rows for staged_phone.

    A phone that is known already carries its line, kind and index and nothing else.
    """
    known = known_customers(cursor, [str(row["customer_number"]) for row in chunk.rows.values()])
    phones: list[Values] = []
    for line, row in chunk.rows.items():
        customer = known.get(str(row["customer_number"])) or Known(id=uuid4())
        row["id"] = str(customer.id)
        _take_birth_date(chunk, line, as_of=as_of)
        _take_identity_number(chunk, line, customer, as_of=as_of)
        _take_coordinates(chunk, line)
        _take_time_zones(row)
        row["language"] = row["language"] or ("zh-hans" if row["country"] == "CN" else "en")
        phones += _take_phones(chunk, line, customer)
    return phones


def _take_birth_date(chunk: Chunk, line: int, *, as_of: date) -> None:
    given = chunk.rows[line]["birth_date"]
    if given and not EARLIEST_BIRTH <= date.fromisoformat(given) <= as_of:
        chunk.leave_out(line, "birth_date", Wrong(reasons.BIRTH_DATE_UNLIKELY), given)


def _take_identity_number(chunk: Chunk, line: int, known: Known, *, as_of: date) -> None:
    row = chunk.rows[line]
    raw, row["identity_number"] = row["identity_number"], None
    row.update(dict.fromkeys(MADE[1:]))
    if not raw:
        return
    country = str(row["country"])
    number = people.normal_identity_number(country, raw)
    index = vault.blind_index(number, column=IDENTITY_NUMBER)
    given = date.fromisoformat(row["birth_date"]) if row["birth_date"] else None
    if index == known.identity_index and given in (None, known.birth_date):
        return
    try:
        birth_date = people.check_identity_number(country, number, given)
        if birth_date and not EARLIEST_BIRTH <= birth_date <= as_of:
            raise Wrong(reasons.BIRTH_DATE_UNLIKELY)
    except Wrong as wrong:
        chunk.leave_out(line, "identity_number", wrong, number)
        return
    row["birth_date"] = birth_date.isoformat() if birth_date else None
    row["identity_sealed"] = _hex(vault.seal(number, column=IDENTITY_NUMBER, row=known.id))
    row["identity_index"] = _hex(index)
    row["identity_masked"] = vault.masked_identity_number(number)


def _take_coordinates(chunk: Chunk, line: int) -> None:
    row = chunk.rows[line]
    given = [name for name in COORDINATES if row[name]]
    if given and len(given) < len(COORDINATES):
        chunk.leave_out(line, given[0], Wrong(reasons.COORDINATE_ALONE), "")
        row.update(dict.fromkeys(COORDINATES))


def _take_time_zones(row: Values) -> None:
    if row["time_zones"] is None:
        row["time_zones"] = as_array(
            people.zones_of(
                country=str(row["country"]),
                province=row["province"] or "",
                district_code=row["district_code"] or "",
            )
        )


def _take_phones(chunk: Chunk, line: int, known: Known) -> list[Values]:
    row = chunk.rows[line]
    phones: dict[bytes, Values] = {}
    for column, kind in PHONE_COLUMNS.items():
        raw, row[column] = row[column], None
        if not raw:
            continue
        try:
            index, staged = _phone(str(row["country"]), raw, known)
        except Wrong as wrong:
            chunk.leave_out(line, column, wrong, raw)
        else:
            at = {"line": str(line), "kind": kind.value, "index": _hex(index)}
            phones.setdefault(index, {**at, **staged})
    return list(phones.values())


def _phone(country: str, raw: str, known: Known) -> tuple[bytes, Values]:
    """The blind index of a number and, unless it is known already, everything to store of it. Raises Wrong."""
    index = vault.blind_index(people.guess_e164(country, raw), column=PHONE_NUMBER)
    if index in known.phones:
        return index, {}
    number = people.check_phone(country, raw)
    index = vault.blind_index(number.e164, column=PHONE_NUMBER)
    if index in known.phones:
        return index, {}
    row = uuid4()
    return index, {
        "id": str(row),
        "sealed": _hex(vault.seal(number.e164, column=PHONE_NUMBER, row=row)),
        "masked": vault.masked_phone(number.e164),
        "country": number.country,
        "is_mobile": "true" if number.is_mobile else "false",
    }


def _hex(value: bytes) -> str:
    return "\\x" + value.hex()
