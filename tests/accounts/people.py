"""Made-up customers share one identity number unless a test says otherwise: to the gate they are one person."""

from itertools import count

from tests.accounts import factories


def make_everybody_somebody_else(monkeypatch):
    """From here on every customer that comes with a case is a person of their own."""
    one_person, numbers = factories.verified_customer, count(1000)

    def another(*, now, **facts):
        return one_person(now=now, **{"identity_number": f"15020319900101{next(numbers)}", **facts})

    monkeypatch.setattr(factories, "verified_customer", another)
