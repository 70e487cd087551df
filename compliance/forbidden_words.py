"""The bank's own forbidden words: added by a compliance officer, withdrawn by a second one."""

from datetime import datetime

from django.db import IntegrityError, transaction
from django.utils.translation import gettext

from accounts.models import User
from accounts.models.staff import Role
from compliance.content import Category, Word
from compliance.content.words import TooShort, ensure_findable
from compliance.models import ForbiddenWord


class WordRefused(Exception):
    """The word cannot be listed or withdrawn; the sentence says why."""


def add_forbidden_word(*, word: str, category: Category, note: str, by: User, now: datetime) -> ForbiddenWord:
    """Forbid `word` from now on, in every text that is checked. Raises WordRefused."""
    _ensure_officer(by)
    word = " ".join(word.split())
    try:
        ensure_findable(word)
    except TooShort as short:
        said = gettext(
            "“%(word)s” is too short: it would be found in harmless texts. Enter the whole phrase."
        )
        raise WordRefused(said % {"word": word}) from short
    try:
        with transaction.atomic():
            return ForbiddenWord.objects.create(
                word=word, category=category.value, note=note, added_at=now, added_by=by
            )
    except IntegrityError as twice:
        raise WordRefused(gettext("“%(word)s” is forbidden already.") % {"word": word}) from twice


def withdraw_forbidden_word(word: ForbiddenWord, *, by: User, now: datetime) -> None:
    """Allow a word that the bank itself had forbidden; packaged words stay. Raises WordRefused."""
    _ensure_officer(by)
    if word.added_by_id == by.pk:
        raise WordRefused(
            gettext("You added this word yourself. Ask a second compliance officer to withdraw it.")
        )
    if not ForbiddenWord.objects.in_force().filter(pk=word.pk).update(withdrawn_at=now, withdrawn_by=by):
        raise WordRefused(gettext("This word was withdrawn before."))


def _ensure_officer(by: User) -> None:
    if by.role != Role.COMPLIANCE_OFFICER:
        raise WordRefused(gettext("Only compliance officers decide about forbidden words."))


def words_of_the_bank() -> frozenset[Word]:
    """The bank's own words in force; one query."""
    rows = ForbiddenWord.objects.in_force().values_list("word", "category")
    return frozenset(Word(word, Category(category)) for word, category in rows)
