from django.utils.translation import gettext


def localised(sentence: str) -> str:
    """A sentence kept in English (a finding, a reason of rejection) in the reader's language."""
    return gettext(sentence) if sentence else ""
