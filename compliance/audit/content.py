"""The canonical content of a row, the same before it is written and after it is read back, and its digest."""

import hashlib
from collections.abc import Callable, Iterable, Mapping, Sequence
from datetime import date, datetime, time
from decimal import Decimal
from functools import cache
from typing import Any, NamedTuple
from uuid import UUID

from django.db import models

from compliance.audit.audited import BY_LABEL
from compliance.audit.hashing import canonical, instant

Plain = Callable[[Any], Any]


class Column(NamedTuple):
    name: str  # as instances have it: "customer_id"
    plain: Plain
    left_out: Any  # the value, plain, with which the column counts as not there


def subject_of(row: models.Model) -> str:
    """ "compliance.clearance:<primary key>"."""
    return f"{row._meta.label_lower}:{row.pk}"


def digest_of(row: models.Model) -> str:
    """SHA-256, hexadecimal, over all concrete columns of a saved row."""
    return digests_of([row])[row.pk]


def digests_of(rows: Iterable[models.Model]) -> dict[Any, str]:
    """The digest of each row by its primary key."""
    return {
        row.pk: digest([getattr(row, column.name) for column in columns_of(type(row))], columns_of(type(row)))
        for row in rows
    }


def digest(values: Sequence[Any], columns: Sequence[Column]) -> str:
    """The digest of a row given as the `values` of its `columns`."""
    content = {}
    for value, column in zip(values, columns, strict=True):
        said = None if value is None else column.plain(value)
        if said is not None and said != column.left_out:
            content[column.name] = said
    return hashlib.sha256(canonical(content).encode()).hexdigest()


@cache
def columns_of(model: type[models.Model]) -> tuple[Column, ...]:
    audited = BY_LABEL.get(model._meta.label_lower)
    later: Mapping[str, Any] = audited.added_later if audited else {}
    return tuple(
        Column(field.attname, _plain_of(field), later.get(field.attname))
        for field in model._meta.concrete_fields
    )


def _plain_of(field: "models.Field[Any, Any]") -> Plain:
    """Values a caller may have given in another form (a text for a UUID) are first what the database returns."""
    target = field.target_field if isinstance(field, models.ForeignKey) else field
    if isinstance(target, models.DecimalField):
        cents = Decimal(1).scaleb(-target.decimal_places)
        return lambda value: format(target.to_python(value).quantize(cents), "f")
    return lambda value: plain(target.to_python(value))


def plain(value: Any) -> Any:
    """What JSON can hold and PostgreSQL's jsonb gives back unchanged. Raises TypeError for anything else."""
    if value is None or isinstance(value, str | bool):
        return value
    if isinstance(value, int):
        return int(value)
    if isinstance(value, float):
        return int(value) if value.is_integer() else value
    if isinstance(value, Mapping):
        return {_key(key): plain(one) for key, one in value.items()}
    if isinstance(value, list | tuple):
        return [plain(one) for one in value]
    return _scalar(value)


def _scalar(value: Any) -> str:
    if isinstance(value, datetime):
        return instant(value)
    if isinstance(value, date | time):
        return value.isoformat()
    if isinstance(value, Decimal):
        return format(value, "f")
    if isinstance(value, UUID):
        return str(value)
    if isinstance(value, bytes | memoryview):
        return bytes(value).hex()
    raise TypeError(f"{type(value).__name__} has no canonical form; add one to compliance.audit.content.")


def _key(key: Any) -> str:
    if isinstance(key, bool) or not isinstance(key, str | int):
        raise TypeError(f"{key!r} is no key of canonical JSON.")
    return str(key)
