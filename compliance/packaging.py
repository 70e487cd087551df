"""Bringing the database in line with the packaged rule book: limits of every setting, texts nobody has corrected."""

from django.db import transaction

from compliance.models import LegalSource, RuleLimit
from compliance.rules import BOOK
from compliance.rules.sources import SOURCES

TEXTS = ("verification", "name_zh", "name_en", "article", "says_zh", "says_en", "address")


@transaction.atomic
def bring_rule_book(*, using: str) -> None:
    """May be run any number of times; `migrate` does, as the owner. What a person corrected is left as it is."""
    limits = [
        RuleLimit(
            rule=rule.id,
            setting=one.name,
            unit=one.unit,
            loosest=one.limit,
            direction=int(one.tighter),
            least=one.least,
            most=one.most,
        )
        for rule in BOOK
        if rule.check
        for one in rule.settings
    ]
    RuleLimit.objects.using(using).all().delete()
    RuleLimit.objects.using(using).bulk_create(limits)
    sources = LegalSource.objects.using(using)
    corrected = set(sources.filter(verified_at__isnull=False).values_list("key", flat=True))
    packaged = [
        LegalSource(key=source.key, **{name: getattr(source, name) for name in TEXTS})
        for source in SOURCES
        if source.key not in corrected
    ]
    sources.bulk_create(packaged, update_conflicts=True, unique_fields=["key"], update_fields=TEXTS)
