"""The rows of one customer, table by table, each value as something that can be read and as something that can be parsed."""

import re
from collections.abc import Callable, Iterable, Mapping
from dataclasses import dataclass
from datetime import date, datetime, time, timedelta
from decimal import Decimal
from typing import Any
from uuid import UUID

from django.apps import apps
from django.db import models
from django.utils import timezone
from django.utils.translation import gettext

from accounts import vault
from accounts.models import Branch, User
from config.desk.access.held import HELD
from config.desk.access.part import Part

# Values in clear instead of the masked ones: (model, primary key, field) → value.
InClear = Mapping[tuple[str, str, str], str]

# Telephone numbers (international, Chinese mobile, landline) and identity numbers of 18 and 15 digits.
NUMBERS = re.compile(
    r"(?<![0-9A-Za-z-])(?:\+\d[\d -]{6,17}\d|(?:86)?1[3-9]\d(?:[ -]?\d{4}){2}|0\d{2,3}[ -]?\d{7,8}"
    r"|\d{17}[\dXx]|\d{15})(?![0-9A-Za-z-])"
)
FREE_TEXT = 100  # characters from which on a column is one that people write sentences into


@dataclass(frozen=True)
class Value:
    """One field of one row: what it is called, how it reads, and what a machine reads."""

    name: str
    label: str
    shown: str
    plain: Any


@dataclass(frozen=True)
class Section:
    """One table. `left_out` are the fields that are not told, each with the reason."""

    model: str
    title: str
    rows: tuple[tuple[Value, ...], ...]
    left_out: tuple[tuple[str, str], ...]


def collect(customer_id: UUID, *, in_clear: InClear) -> list[Section]:
    """Everything of HELD. One query a table, however many rows."""
    own = frozenset(_digits(value) for value in in_clear.values())
    return [_section(part, customer_id, in_clear, own) for part in HELD]


def _section(part: Part, customer_id: UUID, in_clear: InClear, own: frozenset[str]) -> Section:
    model = apps.get_model(part.model)
    fields = [field for field in model._meta.concrete_fields if field.name not in part.leave_out]
    named = [field.name for field in fields if field.related_model in SHOWN_BY]
    found = model._default_manager.filter(**{part.path or "pk": customer_id}).order_by(part.order, "pk")
    rows = found.select_related(*named) if named else found
    return Section(
        model=part.model,
        title=str(model._meta.verbose_name_plural),
        rows=tuple(tuple(_values(part, row, fields, in_clear, own)) for row in rows),
        left_out=tuple(
            (str(model._meta.get_field(name).verbose_name), str(why)) for name, why in part.leave_out.items()
        ),
    )


def _values(
    part: Part, row: models.Model, fields: Iterable[Any], in_clear: InClear, own: frozenset[str]
) -> Iterable[Value]:
    for field in fields:
        clear = in_clear.get((part.model, str(row.pk), field.name))
        if clear is None and field.name in part.opened:
            clear = ""
        shown, plain = (clear, clear) if clear is not None else _told(row, field, own)
        if field.name in part.in_words:
            shown = part.in_words[field.name](row)
        yield Value(field.name, str(field.verbose_name), shown, plain)


def _told(row: models.Model, field: Any, own: frozenset[str]) -> tuple[str, Any]:
    if field.related_model in SHOWN_BY:
        told = SHOWN_BY[field.related_model](getattr(row, field.name))
        return told, told
    value = getattr(row, field.attname)
    if field.primary_key:
        return "", _plain(value)  # for programs, which put the tables together again
    if field.choices:
        return str(getattr(row, f"get_{field.name}_display")()), value
    if isinstance(value, str) and (field.max_length or FREE_TEXT) >= FREE_TEXT:
        kept = without_others_numbers(value, own)
        return kept, kept
    return _shown(value), _plain(value)


def of_staff(person: User | None) -> str:
    """The role and the masked name: whoever acted for the bank, without giving their own data away."""
    if person is None:
        return ""
    return f"{person.get_role_display()} {vault.masked_name(str(person))}"


def of_branch(branch: Branch | None) -> str:
    return branch.name if branch else ""


SHOWN_BY: dict[type[models.Model], Callable[[Any], str]] = {User: of_staff, Branch: of_branch}


def without_others_numbers(text: str, own: frozenset[str]) -> str:
    """The text with every number masked that may be somebody else's telephone or identity number."""

    def mask(found: re.Match[str]) -> str:
        digits = _digits(found.group())
        theirs = any(digits and (digits in mine or mine in digits) for mine in own if mine)
        return found.group() if theirs else f"{found.group()[:2]}{'*' * 6}"

    return NUMBERS.sub(mask, text)


def _digits(text: str) -> str:
    return re.sub(r"[^0-9X]", "", text.upper())


def _shown(value: Any) -> str:
    if value is None:
        return ""
    if isinstance(value, bool):
        return gettext("yes") if value else gettext("no")
    if isinstance(value, datetime):
        return f"{timezone.localtime(value):%Y-%m-%d %H:%M:%S %z}"
    if isinstance(value, list):
        return ", ".join(_shown(one) for one in value)
    if isinstance(value, dict):
        return "; ".join(f"{key}: {_shown(one)}" for key, one in value.items())
    return str(value)


def _plain(value: Any) -> Any:
    """What JSON can carry. Bytes never get here: they are left out, or this raises."""
    if isinstance(value, bytes | memoryview):
        raise TypeError("A sealed value belongs into leave_out.")
    if isinstance(value, date):
        return value.isoformat()
    if isinstance(value, Decimal | UUID | time | timedelta):
        return str(value)
    if isinstance(value, list):
        return [_plain(one) for one in value]
    return value
