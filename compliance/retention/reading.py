"""The classes with what is declared of them, and what was purged."""

from django.db.models import QuerySet

from compliance.models import PurgeRun, RetentionClass
from compliance.retention.declared import Declared, declared


def classes() -> list[tuple[RetentionClass, Declared]]:
    """Every class with its words, in the order of the settings. One query."""
    rows = {row.key: row for row in RetentionClass.objects.select_related("changed_by")}
    return [(rows[key], said) for key, said in declared().items()]


def purges() -> QuerySet[PurgeRun]:
    """The batches that went, the newest first."""
    return PurgeRun.objects.select_related("retention_class", "by").order_by("-at", "-pk")


def title_of(run: PurgeRun) -> str:
    """What its class is called; its key when the class is declared no more."""
    said = declared().get(run.retention_class.key)
    return str(said.title) if said else run.retention_class.key
