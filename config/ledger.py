"""Ledgers: tables that are only ever added to.

Three walls: the QuerySet raises, the application's database role has no right to change them
(`config.rights`), and a trigger refuses changes whoever asks (`forbid_changes`).
"""

from typing import Any, NoReturn

from django.db import migrations, models


class LedgerChanged(Exception):
    """Somebody tried to change or delete a ledger row."""


class LedgerQuerySet(models.QuerySet[Any]):
    def update(self, **kwargs: Any) -> NoReturn:
        raise LedgerChanged(f"{self.model.__name__} rows are never changed.")

    def delete(self) -> NoReturn:
        raise LedgerChanged(f"{self.model.__name__} rows are never deleted.")

    def bulk_update(self, *args: Any, **kwargs: Any) -> NoReturn:
        raise LedgerChanged(f"{self.model.__name__} rows are never changed.")


class Ledger(models.Model):
    """Base of every append-only table. Its `objects` come from LedgerQuerySet or a subclass."""

    class Meta:
        abstract = True

    def save(self, *args: Any, **kwargs: Any) -> None:
        if not self._state.adding:
            raise LedgerChanged(f"{type(self).__name__} rows are never changed.")
        super().save(*args, **kwargs)

    def delete(self, *args: Any, **kwargs: Any) -> NoReturn:
        raise LedgerChanged(f"{type(self).__name__} rows are never deleted.")


def forbid_changes(table: str) -> migrations.RunSQL:
    """A migration operation: the database itself refuses UPDATE, DELETE and TRUNCATE on `table`."""
    return migrations.RunSQL(
        sql=f"""
        CREATE TRIGGER {table}_is_a_ledger
        BEFORE UPDATE OR DELETE OR TRUNCATE ON {table}
        FOR EACH STATEMENT EXECUTE FUNCTION refuse_ledger_change();
        """,
        reverse_sql=f"DROP TRIGGER {table}_is_a_ledger ON {table};",
    )
