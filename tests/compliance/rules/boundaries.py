"""The boundaries of every rule that the gate keeps: what it says just before, at, and just after.

`compliance/rules/tested_by.json` is made from this table; a reader of the rule book sees the names.
"""

from dataclasses import replace
from datetime import date, timedelta
from typing import NamedTuple

from compliance.calendar.days import DayKind
from compliance.facts import Clock, Facts, QuietHours
from compliance.rules.rule import Decision
from compliance.third_party_conditions import ThirdPartyFacts
from tests.compliance.rules.ordinary import (
    A_DAY,
    CALL,
    MICROSECOND,
    NOON,
    PLAN,
    SMS,
    VISIT,
    abroad,
    after,
    at,
    calendar,
    call,
    holiday,
    moved,
    restricted,
    sms,
    visited,
)

WARN, OVERRIDE, BLOCK, FORBID = Decision.WARN, Decision.OVERRIDE, Decision.BLOCK, Decision.FORBID
HOUR, MINUTE = timedelta(hours=1), timedelta(minutes=1)


class Case(NamedTuple):
    name: str
    facts: Facts
    says: Decision | None


def edges(rule_says, facts, *, closed_before, opens, closes, zone="Asia/Shanghai"):
    """The first and the last instant of a window."""
    moments = {
        "just-before-opening": (opens - MICROSECOND, rule_says if closed_before else None),
        "at-opening": (opens, None),
        "just-before-closing": (closes - MICROSECOND, None),
        "at-closing": (closes, rule_says),
    }
    return [Case(name, moved(facts, moment), says) for name, (moment, says) in moments.items()]


def daily(facts, opens, closes, says=FORBID):
    zone = facts.zones[0]
    return edges(says, facts, closed_before=True, opens=at(*opens, zone=zone), closes=at(*closes, zone=zone))


def restriction(kind, says, facts=SMS):
    """In force from its start until before its end."""
    given = restricted(facts, kind, starts_at=at(9), ends_at=at(18))
    return [
        Case("just-before-start", moved(given, at(9) - MICROSECOND), None),
        Case("at-start", moved(given, at(9)), says),
        Case("just-before-end", moved(given, at(18) - MICROSECOND), says),
        Case("at-end", moved(given, at(18)), None),
    ]


def counted(facts, make, most, says, *, last_counts, first_does_not):
    """`most` contacts are too many, one less is not; the oldest stops counting to the microsecond."""
    times = [last_counts + n * MINUTE for n in range(most)]
    return [
        Case("one-less", after(facts, *map(make, times[1:])), None),
        Case("as-many-as-allowed", after(facts, *map(make, times)), says),
        Case("oldest-no-longer-counts", after(facts, make(first_does_not), *map(make, times[1:])), None),
    ]


def aged(facts, made, *, until, says):
    """A wait that ends at `until`, given the contact it is counted from."""
    given = after(facts, made)
    return [
        Case("right-after", moved(given, made.at + MINUTE), says),
        Case("just-before-it-ends", moved(given, until - MICROSECOND), says),
        Case("when-it-ends", moved(given, until), None),
    ]


WEEK, MONTH = 7 * A_DAY, 30 * A_DAY
IN_US = abroad(CALL, "US", "America/New_York", "US-REG-F")
IN_MA = abroad(CALL, "US", "America/New_York", "US-MA", "US-REG-F", parts=("MA",))
IN_UK = abroad(VISIT, "GB", "Europe/London", "UK")
IN_AU = abroad(CALL, "AU", "Australia/Sydney", "AU", parts=("NSW",))
AU_VISIT = abroad(VISIT, "AU", "Australia/Sydney", "AU", parts=("NSW",))
IN_INDIA = abroad(SMS, "IN", "Asia/Kolkata", "IN")
IN_TH = abroad(SMS, "TH", "Asia/Bangkok", "TH")
IN_KR = abroad(SMS, "KR", "Asia/Seoul", "KR")
IN_JP = abroad(CALL, "JP", "Asia/Tokyo", "JP")
URUMQI = replace(SMS, zones=("Asia/Shanghai", "Asia/Urumqi"))
NEXT_DAY = date(2026, 11, 24)
DAY_OFF = calendar(holiday("CN", NEXT_DAY))
FESTIVAL = calendar(holiday("CN", NEXT_DAY, core=True), holiday("CN", date(2026, 11, 25)))
QUIET = replace(SMS, quiet_hours=(QuietHours(0, 13 * 3600, 15 * 3600),))


def on_the_day(facts, says):
    """The whole local day, from midnight to midnight; asked at its first and last open instants."""
    return [
        Case("evening-before", moved(facts, at(19, day=23)), None),
        Case("morning-of", moved(facts, at(8, day=24)), says),
        Case("evening-of", moved(facts, at(19, day=24)), says),
        Case("morning-after", moved(facts, at(8, day=25)), None),
    ]


def workplace(facts, says):
    return [
        Case("workplace", replace(facts, address="WORK"), says),
        Case("residence", replace(facts, address="RESIDENCE"), None),
        Case("registered-residence", replace(facts, address="REGISTERED"), None),
    ]


def made_by(channel, minute=0):
    return lambda moment: call(moment + minute * MINUTE, reached=True, channel=channel)


ASKED = replace(
    CALL,
    purpose="CONTACT_SEARCH",
    party="CONTACT_PERSON",
    person="person-1",
    number="",
    third_party=ThirdPartyFacts(
        origin="APPLICATION",
        zones=("Asia/Shanghai",),
        customer_zones=("Asia/Shanghai",),
        failures=(at(9, day=21), at(9, day=20), at(18, day=20)),
    ),
)
GUARANTOR = replace(
    ASKED,
    purpose="FOLLOW_UP_CALL",
    party="GUARANTOR",
    third_party=ThirdPartyFacts(
        role="GUARANTOR", origin="GUARANTEE", has_contract=True, zones=("Asia/Shanghai",)
    ),
)


def third(facts=ASKED, **changes):
    return replace(facts, third_party=replace(facts.third_party, **changes))


BOUNDARIES: dict[str, list[Case]] = {
    # When, section A of the book
    "TZ-UNKNOWN": [
        Case("no-zone", replace(SMS, zones=()), FORBID),
        Case("zone-nobody-knows", replace(SMS, zones=("Mars/Olympus",)), FORBID),
        Case("one-of-two-unknown", replace(SMS, zones=("Asia/Shanghai", "Mars/Olympus")), FORBID),
        Case("known", SMS, None),
    ],
    "WIN-BANK": daily(SMS, (8,), (21,)),
    "WIN-CN": daily(SMS, (8,), (22,)),
    "TZ-MULTI": [
        Case("one-zone", moved(SMS, at(7)), None),
        Case("only-shanghai-open", moved(URUMQI, at(10) - MICROSECOND), BLOCK),
        Case("both-open", moved(URUMQI, at(10)), None),
        Case("only-urumqi-open", moved(URUMQI, at(21)), BLOCK),
        Case("both-closed", moved(URUMQI, at(23)), None),
    ],
    "WIN-CUSTOMER": [
        Case("just-before", moved(QUIET, at(13) - MICROSECOND), None),
        Case("at-start", moved(QUIET, at(13)), BLOCK),
        Case("just-before-end", moved(QUIET, at(15) - MICROSECOND), BLOCK),
        Case("at-end", moved(QUIET, at(15)), None),
        Case("another-weekday", moved(QUIET, at(14, day=24)), None),
    ],
    "WIN-CUTOFF": [
        Case("message-just-before", moved(SMS, at(20, 50) - MICROSECOND), None),
        Case("message-at-cut-off", moved(SMS, at(20, 50)), BLOCK),
        Case("message-last-microsecond", moved(SMS, at(21) - MICROSECOND), BLOCK),
        Case("call-just-before", moved(CALL, at(20, 45) - MICROSECOND), None),
        Case("call-at-cut-off", moved(CALL, at(20, 45)), BLOCK),
        Case("visit-just-before", moved(VISIT, at(20, 30) - MICROSECOND), None),
        Case("visit-at-cut-off", moved(VISIT, at(20, 30)), BLOCK),
        Case("visit-would-end-after-nine", replace(VISIT, at=at(20), until=at(21) + MICROSECOND), BLOCK),
        Case("visit-ends-at-nine", replace(VISIT, at=at(20), until=at(21)), None),
        Case("plan-ends-at-half-past-eight", replace(PLAN, at=at(20), until=at(20, 30)), None),
        Case("plan-ends-later", replace(PLAN, at=at(20), until=at(20, 30) + MICROSECOND), BLOCK),
    ],
    "HOL-VISIT": on_the_day(replace(VISIT, calendar=DAY_OFF, assessed_at=at(0, day=22)), OVERRIDE),
    "HOL-OTHER": [
        *on_the_day(replace(CALL, calendar=DAY_OFF), WARN),
        Case("spring-festival", moved(replace(SMS, calendar=FESTIVAL), at(12, day=24)), OVERRIDE),
        Case("day-after-its-core", moved(replace(SMS, calendar=FESTIVAL), at(12, day=25)), WARN),
    ],
    "CAL-MISSING": [
        Case("year-loaded", VISIT, None),
        Case("year-not-loaded", replace(VISIT, calendar=calendar(years=(2025,))), OVERRIDE),
        Case("country-without-calendar", replace(VISIT, places=(("VN", ()),)), OVERRIDE),
        Case("one-of-two-countries", replace(CALL, places=(("CN", ()), ("VN", ()))), OVERRIDE),
    ],
    "CLOCK": [
        Case("thirty-seconds", replace(SMS, clocks=(Clock("database", 30.0),)), None),
        Case("a-little-more", replace(SMS, clocks=(Clock("database", 30.000001),)), FORBID),
        Case("phone-behind", replace(VISIT, clocks=(Clock("device", -31.0),)), FORBID),
        Case(
            "five-seconds-back",
            replace(SMS, clocks=(Clock("database", 0),), last_contact_at=NOON + timedelta(seconds=5)),
            None,
        ),
        Case(
            "more-than-five-back",
            replace(SMS, clocks=(Clock("database", 0),), last_contact_at=NOON + timedelta(seconds=5) + MICROSECOND),
            FORBID,
        ),
    ],
    # How often, section B
    "FRQ-ATT": [
        Case("third-attempt", after(CALL, *(call(at(8 + n), reached=False) for n in range(2))), None),
        Case("fourth-attempt", after(CALL, *(call(at(8 + n), reached=False) for n in range(3))), OVERRIDE),
        Case("sixth-attempt", after(CALL, *(call(at(8, n), reached=False) for n in range(5))), OVERRIDE),
        Case("seventh-attempt", after(CALL, *(call(at(8, n), reached=False) for n in range(6))), FORBID),
        Case(
            "another-number",
            after(CALL, *(call(at(8, n), reached=False, number="number-2") for n in range(6))),
            None,
        ),
        Case("yesterday", after(CALL, *(call(at(20, n, day=22), reached=False) for n in range(6))), None),
    ],
    "FRQ-EFF": [
        Case("no-conversation-yet", after(CALL, call(at(8), reached=False)), None),
        Case("second-conversation", after(CALL, call(at(8), reached=True)), OVERRIDE),
        Case("outcome-not-told", after(CALL, call(at(8))), OVERRIDE),
        Case("third", after(CALL, *(call(at(8, n), reached=True) for n in range(2))), OVERRIDE),
        Case(
            "fourth-with-machines",
            after(
                CALL,
                call(at(8), reached=True),
                call(at(9), reached=True, channel="ROBOT_CALL"),
                call(at(9, 30), reached=True, channel="ROBOT_CALL"),
            ),
            FORBID,
        ),
    ],
    "FRQ-7D": [
        *counted(
            SMS, lambda moment: sms(moment, "VISIT_NOTICE"), 7, OVERRIDE,
            last_counts=NOON - WEEK + MICROSECOND, first_does_not=NOON - WEEK,
        ),
        Case(
            "three-conversations",
            after(CALL, *(call(at(9, day=20 + n), reached=True) for n in range(3))),
            OVERRIDE,
        ),
        Case("two-conversations", after(CALL, *(call(at(9, day=21 + n), reached=True) for n in range(2))), None),
    ],
    "FRQ-30D": counted(
        CALL, lambda moment: call(moment, reached=True), 10, OVERRIDE,
        last_counts=NOON - MONTH + MICROSECOND, first_does_not=NOON - MONTH,
    ),
    "FRQ-COOL": [
        *aged(CALL, call(at(9), reached=True), until=at(9, day=24), says=OVERRIDE),
        Case("nobody-was-reached", after(CALL, call(at(9), reached=False)), None),
        Case(
            "answer-to-a-complaint",
            after(replace(CALL, purpose="COMPLAINT_ANSWER"), call(at(9), reached=True)),
            None,
        ),
    ],
    "FRQ-SMS": [
        Case("first-of-the-day", after(SMS, sms(at(20, day=22))), None),
        Case("second-of-the-day", after(SMS, sms(at(8))), BLOCK),
        Case("announcements-do-not-count", after(SMS, sms(at(8), "VISIT_NOTICE")), None),
        Case("next-midnight", moved(after(SMS, sms(at(8))), at(0, day=24)), None),
    ],
    "FRQ-SMS-7D": counted(
        SMS, sms, 3, BLOCK, last_counts=NOON - WEEK + MICROSECOND, first_does_not=NOON - WEEK,
    ),
    "FRQ-GAP": aged(CALL, call(at(9), reached=False), until=at(11), says=BLOCK),
    "FRQ-VISIT": [
        Case(
            "seven-days-less",
            moved(after(VISIT, visited(at(12, day=16), reached=False)), at(12) - MICROSECOND),
            FORBID,
        ),
        Case("seven-days", after(VISIT, visited(at(12, day=16), reached=False)), None),
        Case("met-thirty-days-less", after(VISIT, visited(NOON - MONTH + MICROSECOND, reached=True)), OVERRIDE),
        Case("met-thirty-days", after(VISIT, visited(NOON - MONTH, reached=True)), None),
    ],
    # Third parties, section C
    "TP-GATE": [
        Case("three-failures-on-two-days", ASKED, None),
        Case("two-failures", third(failures=(at(9, day=21), at(9, day=20))), FORBID),
        Case("three-on-one-day", third(failures=(at(9, day=21), at(10, day=21), at(11, day=21))), FORBID),
        Case("wrong-number-and-no-other", third(failures=(), own_mobile_wrong=True, own_mobile_in_use=False), None),
        Case("guarantor", GUARANTOR, None),
        Case("nobody-known", replace(ASKED, third_party=None), FORBID),
    ],
    "TP-PURPOSE": [
        Case("whereabouts", ASKED, None),
        Case("follow-up-call", replace(ASKED, purpose="FOLLOW_UP_CALL"), BLOCK),
        Case("guarantor", GUARANTOR, None),
    ],
    "TP-REFUSED": [
        Case("never-refused", ASKED, None),
        Case("refused", third(refused=True), FORBID),
        Case("guarantor-answers-for-the-debt", third(GUARANTOR, refused=True), None),
    ],
    "TP-COLLECT": [
        Case("whereabouts", ASKED, None),
        Case("reminder", replace(ASKED, channel="SMS", purpose="PAYMENT_REMINDER"), FORBID),
        Case("guarantor", GUARANTOR, None),
    ],
    "TP-SOURCE": [
        Case("from-the-application", ASKED, None),
        Case("origin-unknown", third(origin=""), FORBID),
        Case("withdrawn", third(withdrawn=True), FORBID),
        Case("guarantor-without-contract", third(GUARANTOR, has_contract=False), FORBID),
    ],
    "FRQ-THIRD": [
        Case("never-asked", ASKED, None),
        Case("one-unanswered-attempt", third(attempts=1), None),
        Case("two-unanswered-attempts", third(attempts=2), BLOCK),
        Case("asked-once", third(conversations=1, attempts=1), BLOCK),
    ],
    # Visits, section D
    "VIS-TEAM": [
        Case("alone", replace(VISIT, staff=1), FORBID),
        Case("two", replace(VISIT, staff=2), None),
        Case("four", replace(VISIT, staff=4), None),
        Case("five", replace(VISIT, staff=5), FORBID),
    ],
    "VIS-VERIFIED": [
        Case("never", replace(VISIT, verified_until=None), BLOCK),
        Case("until-this-moment", replace(VISIT, verified_until=NOON), BLOCK),
        Case("a-microsecond-longer", replace(VISIT, verified_until=NOON + MICROSECOND), None),
    ],
    "VIS-SAFETY": [
        Case("no-visit", replace(VISIT, safety_band="NO_VISIT"), BLOCK),
        Case("escort", replace(VISIT, safety_band="ESCORT"), None),
        Case("normal", VISIT, None),
    ],
    "VIS-RISK": [
        Case("never", replace(VISIT, assessed_at=None), BLOCK),
        Case("seven-days", replace(VISIT, assessed_at=NOON - WEEK), BLOCK),
        Case("a-microsecond-less", replace(VISIT, assessed_at=NOON - WEEK + MICROSECOND), None),
    ],
    "VIS-LAST": [
        Case("three-by-two", VISIT, None),
        Case("nothing-tried", replace(VISIT, contacts=()), WARN),
        Case("three-by-one", replace(VISIT, contacts=tuple(sms(at(9, day=20 + n)) for n in range(3))), WARN),
        Case("two-by-two", replace(VISIT, contacts=(sms(at(9, day=20)), call(at(9, day=21)))), WARN),
        Case("too-long-ago", replace(VISIT, contacts=tuple(one for one in (sms(NOON - 15 * A_DAY),) * 3)), WARN),
    ],
    "VIS-NOTICE": [
        Case("never-told", replace(VISIT, contacts=()), WARN),
        Case("told-24-hours-before", replace(VISIT, contacts=(sms(NOON - A_DAY, "VISIT_NOTICE"),)), None),
        Case(
            "told-later", replace(VISIT, contacts=(sms(NOON - A_DAY + MICROSECOND, "VISIT_NOTICE"),)), WARN
        ),
        Case("only-a-plan", replace(PLAN, contacts=()), None),
    ],
    "VIS-PLACE": workplace(VISIT, OVERRIDE),
    # The customer's state, section E
    "ST-DEAD": restriction("DECEASED", FORBID),
    "ST-MINOR": [*restriction("MINOR", FORBID), Case("incapacity", restricted(SMS, "INCAPACITY"), FORBID)],
    "ST-AGE": [
        Case("eighteenth-birthday", moved(replace(SMS, birth_date=date(2008, 11, 23)), at(8)), None),
        Case("day-before", moved(replace(SMS, birth_date=date(2008, 11, 24)), at(20)), FORBID),
        Case(
            "born-on-29-february",
            moved(replace(SMS, birth_date=date(2008, 2, 29)), at(12, month=2, day=28)),
            FORBID,
        ),
        Case("not-known", replace(SMS, birth_date=None), None),
    ],
    "ST-MED": restriction("HOSPITAL", BLOCK),
    "ST-BEREAVE": restriction("BEREAVEMENT", BLOCK),
    "ST-DISASTER": restriction("DISASTER", BLOCK),
    "ST-CARE": [
        *restriction("PREGNANCY", WARN, CALL),
        Case("visit", restricted(VISIT, "ELDERLY_ALONE"), OVERRIDE),
        Case("machine", restricted(replace(CALL, channel="ROBOT_CALL"), "DISABILITY"), OVERRIDE),
        Case("message", restricted(SMS, "SERIOUS_ILLNESS"), None),
    ],
    "ST-HARM": restriction("SELF_HARM", FORBID),
    "ST-HARDSHIP": restriction("HARDSHIP_APPLICATION", BLOCK),
    "ST-PLAN": [
        *restriction("PERFORMING_PLAN", FORBID),
        Case("call", restricted(CALL, "PERFORMING_PLAN"), FORBID),
        Case(
            "neutral-notice",
            restricted(replace(SMS, purpose="INSTALMENT_NOTICE"), "PERFORMING_PLAN"),
            None,
        ),
    ],
    "ST-DISPUTE": [
        *restriction("DISPUTE", BLOCK),
        Case("answer", restricted(replace(SMS, purpose="COMPLAINT_ANSWER"), "DISPUTE"), None),
    ],
    "ST-COMPLAINT": [
        *restriction("COMPLAINT", OVERRIDE),
        Case("visit", restricted(VISIT, "COMPLAINT"), BLOCK),
        Case("answer", restricted(replace(SMS, purpose="COMPLAINT_ANSWER"), "COMPLAINT"), None),
    ],
    "ST-LAWYER": restriction("REPRESENTED", BLOCK),
    "ST-COURT": restriction("COURT", OVERRIDE),
    "ST-DETAINED": restriction("DETAINED", BLOCK),
    "ST-POLICE": restriction("POLICE_ORDER", FORBID),
    "ST-DNC": [
        *restriction("DO_NOT_CONTACT", BLOCK),
        Case("another-channel", restricted(SMS, "DO_NOT_CONTACT", channels=("CALL",)), None),
    ],
    "ST-TIMEBAR": restriction("TIME_BARRED", OVERRIDE),
    "VIS-LEAVE": [
        *restriction("VISIT_REFUSED", FORBID, replace(VISIT, until=NOON)),
        Case("a-message-may-go", restricted(SMS, "VISIT_REFUSED"), None),
    ],
    "ST-PAID": [
        Case("owes", SMS, None),
        Case("owes-nothing", replace(SMS, owes=False), FORBID),
        Case("answer-to-a-complaint", replace(SMS, owes=False, purpose="COMPLAINT_ANSWER"), None),
    ],
    # Abroad
    "US-HOURS": daily(abroad(SMS, "US", "America/New_York", "US-REG-F"), (8,), (21,)),
    "US-7IN7": counted(
        IN_US, lambda moment: call(moment, reached=False), 7, OVERRIDE,
        last_counts=IN_US.at - WEEK + MICROSECOND, first_does_not=IN_US.at - WEEK,
    ),
    "US-COOL": [
        # A conversation on Monday the 16th is day one; Sunday the 22nd is day seven.
        *[
            Case(name, moved(after(IN_US, call(at(20, day=16, zone="America/New_York"), reached=True)), moment), says)
            for name, moment, says in (
                ("same-day", at(20, 30, day=16, zone="America/New_York"), OVERRIDE),
                ("last-moment-of-day-seven", at(0, day=23, zone="America/New_York") - MICROSECOND, OVERRIDE),
                ("day-eight", at(0, day=23, zone="America/New_York"), None),
            )
        ],
    ],
    "US-WORK": workplace(abroad(VISIT, "US", "America/New_York", "US-REG-F"), BLOCK),
    "MA-HOURS": daily(abroad(SMS, "US", "America/New_York", "US-MA", parts=("MA",)), (8,), (21,)),
    "MA-2IN7": [
        *counted(
            IN_MA, lambda moment: call(moment, reached=False), 2, BLOCK,
            last_counts=IN_MA.at - WEEK + MICROSECOND, first_does_not=IN_MA.at - WEEK,
        ),
        Case("a-call-and-a-text", after(IN_MA, call(IN_MA.at - A_DAY), sms(IN_MA.at - HOUR)), BLOCK),
    ],
    "UK-VULNERABLE": [
        Case("pregnant", restricted(IN_UK, "PREGNANCY"), BLOCK),
        Case("ill", restricted(IN_UK, "SERIOUS_ILLNESS"), BLOCK),
        Case("over", restricted(IN_UK, "HOSPITAL", ends_at=IN_UK.at), None),
        Case("not-vulnerable", restricted(IN_UK, "DISPUTE"), None),
    ],
    "UK-PLACE": workplace(IN_UK, BLOCK),
    "UK-NOTICE": [
        Case("told-24-hours-before", replace(IN_UK, contacts=(sms(IN_UK.at - A_DAY, "VISIT_NOTICE"),)), None),
        Case(
            "told-later",
            replace(IN_UK, contacts=(sms(IN_UK.at - A_DAY + MICROSECOND, "VISIT_NOTICE"),)),
            OVERRIDE,
        ),
        Case("never-told", replace(IN_UK, contacts=()), OVERRIDE),
    ],
    "AU-HOURS": [
        Case("weekday-before", moved(IN_AU, at(7, 30, zone="Australia/Sydney") - MICROSECOND), BLOCK),
        Case("weekday", moved(IN_AU, at(7, 30, zone="Australia/Sydney")), None),
        Case("sunday-before", moved(IN_AU, at(9, day=22, zone="Australia/Sydney") - MICROSECOND), BLOCK),
        Case("sunday", moved(IN_AU, at(9, day=22, zone="Australia/Sydney")), None),
        Case("night", moved(IN_AU, at(21, zone="Australia/Sydney")), BLOCK),
    ],
    "AU-VISIT-HOURS": daily(AU_VISIT, (9,), (21,), BLOCK),
    "AU-HOLIDAY": [
        Case(
            "holiday",
            replace(IN_AU, calendar=calendar(holiday("AU", date(2026, 11, 23)))),
            BLOCK,
        ),
        Case(
            "rest-day",
            replace(IN_AU, calendar=calendar(holiday("AU", date(2026, 11, 23), kind=DayKind.REST))),
            BLOCK,
        ),
        Case("day-before", replace(IN_AU, calendar=calendar(holiday("AU", date(2026, 11, 24)))), None),
        Case("another-country's", replace(IN_AU, calendar=calendar(holiday("CN", date(2026, 11, 23)))), None),
    ],
    "AU-3WEEK": counted(
        IN_AU, lambda moment: call(moment, reached=True), 3, OVERRIDE,
        last_counts=IN_AU.at - WEEK + MICROSECOND, first_does_not=IN_AU.at - WEEK,
    ),
    "AU-10MONTH": counted(
        IN_AU, lambda moment: call(moment, reached=True), 10, OVERRIDE,
        last_counts=IN_AU.at - MONTH + MICROSECOND, first_does_not=IN_AU.at - MONTH,
    ),
    "AU-VISIT-MONTH": counted(
        AU_VISIT, lambda moment: visited(moment, reached=False), 1, BLOCK,
        last_counts=AU_VISIT.at - MONTH + MICROSECOND, first_does_not=AU_VISIT.at - MONTH,
    ),
    "IN-HOURS": daily(IN_INDIA, (8,), (19,)),
    "TH-HOURS": [
        *daily(IN_TH, (8,), (20,)),
        Case("sunday-before-six", moved(IN_TH, at(18, day=22, zone="Asia/Bangkok") - MICROSECOND), None),
        Case("sunday-at-six", moved(IN_TH, at(18, day=22, zone="Asia/Bangkok")), FORBID),
        Case(
            "holiday-at-six",
            moved(
                replace(IN_TH, calendar=calendar(holiday("TH", date(2026, 11, 23)))),
                at(18, zone="Asia/Bangkok"),
            ),
            FORBID,
        ),
        Case(
            "year-not-loaded",
            moved(replace(IN_TH, calendar=calendar(years=())), at(18, zone="Asia/Bangkok")),
            FORBID,
        ),
    ],
    "TH-ONCE": [
        Case("first", IN_TH, None),
        Case("second", after(IN_TH, sms(at(8, zone="Asia/Bangkok"), "VISIT_NOTICE")), FORBID),
        Case("yesterday", after(IN_TH, sms(at(0, zone="Asia/Bangkok") - MICROSECOND)), None),
    ],
    "KR-NIGHT": daily(IN_KR, (8,), (21,)),
    "KR-7IN7": counted(
        IN_KR, lambda moment: sms(moment, "VISIT_NOTICE"), 7, FORBID,
        last_counts=IN_KR.at - WEEK + MICROSECOND, first_does_not=IN_KR.at - WEEK,
    ),
    "JP-HOURS": daily(abroad(SMS, "JP", "Asia/Tokyo", "JP"), (8,), (21,)),
    "JP-3DAY": [
        Case("third", after(IN_JP, *(call(at(8, n, zone="Asia/Tokyo"), reached=False) for n in range(2))), None),
        Case("fourth", after(IN_JP, *(call(at(8, n, zone="Asia/Tokyo"), reached=False) for n in range(3))), OVERRIDE),
        Case(
            "yesterday",
            after(IN_JP, *(call(at(20, n, day=22, zone="Asia/Tokyo"), reached=False) for n in range(3))),
            None,
        ),
    ],
    "JP-WORK": workplace(abroad(VISIT, "JP", "Asia/Tokyo", "JP"), BLOCK),
}  # fmt: skip
