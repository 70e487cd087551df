"""One Facts for each ask. Whatever is asked, and about however many customers, the queries are the same."""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime, timedelta

from accounts.models.verification import REQUIRED
from compliance.area_restrictions import load_area_restrictions
from compliance.areas import AreaRule
from compliance.asking import Ask
from compliance.calendar.days import Calendar
from compliance.calendar.reading import calendar_for
from compliance.facts import Clock, Facts, GrantedOverride, PastContact, QuietHours, Restriction
from compliance.loading import history, people
from compliance.loading.people import Person
from compliance.third_parties import ThirdPartyFacts, third_party_facts

LOOK_AHEAD = timedelta(days=60)
A_DAY = timedelta(days=1)


@dataclass(frozen=True)
class Known:
    """All that was loaded about the customers asked about, by their ids."""

    people: dict[str, Person]
    verified: dict[str, datetime]
    contacts: dict[str, tuple[PastContact, ...]]
    restrictions: dict[str, tuple[Restriction, ...]]
    quiet_hours: dict[str, tuple[QuietHours, ...]]
    overrides: "dict[tuple[str, str, str], tuple[GrantedOverride, ...]]"
    areas: tuple[AreaRule, ...]
    calendar: Calendar
    third_parties: dict[str, ThirdPartyFacts]


def load_facts(asks: Sequence[Ask], *, clocks: tuple[Clock, ...] = ()) -> dict[Ask, Facts]:
    """What the rules need to know about each ask, in a constant number of queries.

    `clocks`: how far other clocks are ahead, for an act; a plan or a preview has none.
    """
    if not asks:
        return {}
    known = _load(asks)
    return {ask: _facts(ask, known, clocks) for ask in asks}


def _load(asks: Sequence[Ask]) -> Known:
    wanted = {str(ask.customer_id) for ask in asks}
    ids = people.ids_literal(wanted)
    first, last = min(ask.at for ask in asks), max(ask.at for ask in asks)
    found = people.load_people(ids)
    twins = people.load_same_persons(ids)
    with_twins = people.ids_literal(wanted | {other for _one, other in twins})
    contacts = history.load_contacts(with_twins, since=first - history.LOOK_BACK)
    restrictions = history.load_restrictions(with_twins)
    for one, other in twins:
        contacts[one] = tuple(
            sorted((*contacts.get(one, ()), *contacts.get(other, ())), key=lambda each: each.at)
        )
        restrictions[one] = (*restrictions.get(one, ()), *restrictions.get(other, ()))
    countries = {country for person in found.values() for country, _parts in person.places}
    return Known(
        people=found,
        verified=people.load_verified(ids, REQUIRED),
        contacts=contacts,
        restrictions=restrictions,
        quiet_hours=history.load_quiet_hours(ids),
        overrides=dict(history.load_overrides(ids, since=first)),
        areas=load_area_restrictions(),
        calendar=calendar_for(countries=countries, first=first.date() - A_DAY, last=last.date() + LOOK_AHEAD),
        third_parties=third_party_facts(
            {str(ask.contact_person_id) for ask in asks if ask.contact_person_id}
        ),
    )


def _facts(ask: Ask, known: Known, clocks: tuple[Clock, ...]) -> Facts:
    id_ = str(ask.customer_id)
    person = known.people[id_]
    contacts = known.contacts.get(id_, ())
    restrictions = known.restrictions.get(id_, ())
    if known.areas and person.districts:
        restrictions = (*restrictions, *history.area_restrictions(known.areas, person.districts))
    channel, purpose = ask.channel.value, ask.purpose.value
    third = known.third_parties.get(str(ask.contact_person_id)) if ask.contact_person_id else None
    return Facts(
        channel=channel,
        purpose=purpose,
        at=ask.at,
        until=ask.until,
        zones=person.zones if third is None else _of_both(person.zones, third.zones),
        owes=person.owes,
        restrictions=restrictions,
        contacts=contacts,
        staff=ask.staff,
        verified_until=known.verified.get(id_),
        safety_band=person.safety_band,
        birth_date=person.birth_date,
        party=ask.party.value,
        number=str(ask.phone_id) if ask.phone_id else "",
        person=str(ask.contact_person_id) if ask.contact_person_id else "",
        address=ask.address,
        places=person.places,
        policies=person.policies,
        quiet_hours=known.quiet_hours.get(id_, ()),
        overrides=known.overrides.get((id_, channel, purpose), ()),
        assessed_at=person.assessed_at,
        clocks=clocks,
        last_contact_at=contacts[-1].at if contacts else None,
        third_party=third,
        calendar=known.calendar,
    )


def _of_both(customers: tuple[str, ...], theirs: tuple[str, ...]) -> tuple[str, ...]:
    """The customer's zones and the third party's own; when theirs are unknown, every hour is closed."""
    return tuple(dict.fromkeys((*customers, *theirs))) if customers and theirs else ()
