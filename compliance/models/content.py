"""The bank's own forbidden words, beside the packaged ones: they can only make the checker stricter."""

from django.db import models
from django.utils.translation import gettext_lazy as _

from accounts.models import User


class WordCategory(models.TextChoices):
    """The categories of `compliance.content` that a word may be listed under, for people."""

    THREAT = "THREAT", _("threat")
    PRISON = "PRISON", _("prison, criminal law")
    INSULT = "INSULT", _("insult")
    BLACKLIST = "BLACKLIST", _("blacklist")
    EXPOSURE = "EXPOSURE", _("public exposure")
    THIRD_PARTY = "THIRD_PARTY", _("employer, family, neighbours")
    SHAMING = "SHAMING", _("shaming")
    AUTHORITY_SENDER = "AUTHORITY_SENDER", _("speaks as an authority")
    AUTHORITY = "AUTHORITY", _("names an authority")
    PRIVATE_TRANSFER = "PRIVATE_TRANSFER", _("cash, private accounts, passwords")
    PRESSURE = "PRESSURE", _("pressure (only warned of)")
    SUIT = "SUIT", _("court action")
    ARBITRATION = "ARBITRATION", _("arbitration")
    PRESERVATION = "PRESERVATION", _("freezing of assets")
    ENFORCEMENT = "ENFORCEMENT", _("enforcement")
    LAWYER_LETTER = "LAWYER_LETTER", _("lawyer's letter")
    PERMANENCE = "PERMANENCE", _("for ever (of a credit record)")
    CREDIT_RECORD = "CREDIT_RECORD", _("names the credit record")
    NEW_BORROWING = "NEW_BORROWING", _("new borrowing")
    DEBT = "DEBT", _("tells of a debt (on a lock screen)")


class ForbiddenWordQuerySet(models.QuerySet["ForbiddenWord"]):
    def in_force(self) -> "ForbiddenWordQuerySet":
        return self.filter(withdrawn_at__isnull=True)


class ForbiddenWord(models.Model):
    """A word that this bank forbids besides the packaged lists, which are always applied.

    It is found however it is written, as those are. Withdrawn by a second person, never deleted or changed.
    """

    word = models.CharField(
        _("word"),
        max_length=60,
        help_text=_(
            "In simplified characters or Latin letters. Traditional characters, pinyin, spaces and look-alikes are found from it."
        ),
    )
    category = models.CharField(_("category"), max_length=20, choices=WordCategory)
    note = models.CharField(
        _("reason"), max_length=200, help_text=_("Why it may not be said; an auditor reads this.")
    )
    added_at = models.DateTimeField(_("added at"))
    added_by = models.ForeignKey(User, models.PROTECT, related_name="+", verbose_name=_("added by"))
    withdrawn_at = models.DateTimeField(_("withdrawn at"), null=True, blank=True)
    withdrawn_by = models.ForeignKey(
        User, models.PROTECT, null=True, blank=True, related_name="+", verbose_name=_("withdrawn by")
    )

    objects = ForbiddenWordQuerySet.as_manager()

    class Meta:
        verbose_name = _("forbidden word")
        verbose_name_plural = _("forbidden words")
        constraints = [
            models.CheckConstraint(
                condition=models.Q(category__in=WordCategory.values), name="word_category_is_known"
            ),
            models.CheckConstraint(
                condition=models.Q(withdrawn_at__isnull=True, withdrawn_by__isnull=True)
                | models.Q(withdrawn_at__isnull=False, withdrawn_by__isnull=False),
                name="word_withdrawn_by_someone",
            ),
            models.CheckConstraint(
                condition=models.Q(withdrawn_by__isnull=True) | ~models.Q(withdrawn_by=models.F("added_by")),
                name="word_withdrawn_by_a_second_person",
            ),
            models.UniqueConstraint(
                fields=["word", "category"],
                condition=models.Q(withdrawn_at__isnull=True),
                name="word_forbidden_once",
            ),
        ]

    def __str__(self) -> str:
        return self.word
