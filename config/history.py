"""The history of what people edit, written by the database's own triggers (django-pghistory).

A trigger remembers every way of changing a row: a form, `bulk_create`, `QuerySet.update`, raw SQL. For each change the
history holds the row before and the row after. Who it was is known for what is done in the admin (`acting`); see
docs/decisions/0008-history-by-triggers.md.

To keep the history of one more model, below it or in its package's `models/history.py`:

    ThingHistory = history_of(Thing, leaving_out=["secret"])

then `makemigrations`, a second migration with `*only_triggers_write("app_thinghistory")`, and in the package's admin
`admin.site.register(ThingHistory, HistoryAdmin)`. What the copy leaves out is never in a history table: secrets, names
and birth dates of customers, free text about them.
"""

from collections.abc import Collection, Iterator
from contextlib import contextmanager
from typing import Any, cast

import pghistory
import pgtrigger
from django.db import connection, migrations, models
from django.utils.text import format_lazy
from django.utils.translation import gettext_lazy as _
from pghistory.models import Event

from config.ledger import Ledger, LedgerQuerySet, forbid_changes

NOBODY = (
    "SELECT set_config('pghistory.context_id', '', true), set_config('pghistory.context_metadata', '', true)"
)


class Happening(models.TextChoices):
    ADDED = "added", _("added")
    CHANGED_FROM = "changed_from", _("before a change")
    CHANGED_TO = "changed_to", _("changed")
    DELETED = "deleted", _("deleted")


class History(Ledger, Event):
    """Copies of the rows of one model, one or two a change. `pgh_context` says who, where that is known."""

    pgh_id = models.BigAutoField(primary_key=True)
    pgh_created_at = models.DateTimeField(_("recorded at"), auto_now_add=True)
    pgh_label = models.CharField(_("kind of change"), max_length=20, choices=Happening)

    objects = LedgerQuerySet.as_manager()  # type: ignore[assignment, misc]

    class Meta:
        abstract = True

    def __str__(self) -> str:
        return f"{type(self).tracked_model()._meta.verbose_name} {self.pgh_obj_id}"  # type: ignore[attr-defined]

    @classmethod
    def tracked_model(cls) -> type[models.Model]:
        return cast(type[models.Model], cls.pgh_tracked_model)

    @classmethod
    def kept_fields(cls) -> "list[models.Field[Any, Any]]":
        """The model's own fields that the copies hold, in its order."""
        here = {field.name for field in cls._meta.concrete_fields}
        return [field for field in cls.tracked_model()._meta.concrete_fields if field.name in here]


def history_of(
    model: type[models.Model],
    *,
    leaving_out: Collection[str] = (),
    noticing: Collection[str] = (),
    rows: type[LedgerQuerySet] = LedgerQuerySet,
) -> type[History]:
    """The history model of `model`, in the same app.

    Fields in `leaving_out` are not copied and their change is not noticed, save those also in `noticing`: of them the
    history holds that and when they changed, never the value. `rows` says who may see which.
    """
    noticed = [
        it.name
        for it in model._meta.local_concrete_fields
        if it.name not in leaving_out or it.name in noticing
    ]
    changed = pgtrigger.AnyChange(*noticed)
    named = model._meta.verbose_name
    made: type[History] = pghistory.create_event_model(  # type: ignore[assignment]
        model,
        pghistory.InsertEvent(Happening.ADDED.value),
        # Triggers of one event run in the order of their names: the copy before comes first.
        pghistory.UpdateEvent(Happening.CHANGED_FROM.value, row=pghistory.Old, condition=changed),
        pghistory.UpdateEvent(Happening.CHANGED_TO.value, row=pghistory.New, condition=changed),
        pghistory.DeleteEvent(Happening.DELETED.value),
        exclude=list(leaving_out),
        obj_field=pghistory.ObjForeignKey(related_name="+", related_query_name="+"),
        # In the row itself: a table of contexts would have to be changed by the application, and so could be.
        context_field=pghistory.ContextJSONField(),
        model_name=f"{model.__name__}History",
        base_model=History,
        attrs={"objects": rows.as_manager()},
        meta={
            "verbose_name": format_lazy(_("history: {what}"), what=named),
            "verbose_name_plural": format_lazy(_("history: {what}"), what=named),
        },
        abstract=False,
    )
    return made


def history_model_of(model: type[models.Model]) -> type[History] | None:
    """Where the changes of `model` are kept, if they are."""
    kept: dict[str, type[History]] = getattr(model, "pgh_event_models", {})
    return next(iter(kept.values()), None)


@contextmanager
def acting(user_id: int) -> Iterator[None]:
    """A block whose changes are recorded as those of this user, and no change after it."""
    try:
        with pghistory.context(user=user_id):
            yield
    finally:
        # pghistory names the actor to the database for the rest of the transaction, which may be longer.
        if connection.in_atomic_block and not connection.needs_rollback:
            with connection.cursor() as cursor:
                cursor.execute(NOBODY)


def only_triggers_write(table: str) -> list[migrations.RunSQL]:
    """Migration operations: a history is a ledger, and nobody adds a row to it by hand."""
    return [
        forbid_changes(table),
        migrations.RunSQL(
            sql=f"CREATE TRIGGER {table}_is_no_fiction BEFORE INSERT ON {table}"
            " FOR EACH STATEMENT EXECUTE FUNCTION refuse_invented_history();",
            reverse_sql=f"DROP TRIGGER {table}_is_no_fiction ON {table};",
        ),
    ]
