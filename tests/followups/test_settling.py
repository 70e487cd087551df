"""Which payments keep which promise: properties over any promises and payments, and the boundaries by name."""

import uuid
from collections import defaultdict
from dataclasses import replace
from datetime import UTC, datetime, timedelta
from decimal import Decimal

import pytest
from hypothesis import given
from hypothesis import strategies as st

from followups.models.promises import PromiseStatus
from followups.settling import Paid, Promised, Verdict, appropriate, judge

MADE = datetime(2026, 11, 2, 10, 0, tzinfo=UTC)
CLOSES = MADE + timedelta(days=5)

cents = st.integers(min_value=1, max_value=500_00).map(lambda whole: Decimal(whole) / 100)
hours = st.integers(min_value=0, max_value=24 * 12)
currencies = st.sampled_from(["CNY", "USD"])


@st.composite
def promise_facts(draw):
    made_at = MADE + timedelta(hours=draw(hours))
    return Promised(
        id=uuid.UUID(int=draw(st.integers(min_value=0, max_value=2**64))),
        amount=draw(cents),
        currency=draw(currencies),
        made_at=made_at,
        closes_at=made_at + timedelta(hours=draw(st.integers(min_value=1, max_value=24 * 8))),
    )


@st.composite
def payment_facts(draw):
    return Paid(
        id=draw(st.integers(min_value=1, max_value=10**6)),
        amount=draw(cents),
        currency=draw(currencies),
        received_at=MADE + timedelta(hours=draw(hours)),
        is_reversed=draw(st.booleans()),
    )


promises_of = st.lists(promise_facts(), max_size=5, unique_by=lambda promise: promise.id)
payments_of = st.lists(payment_facts(), max_size=6, unique_by=lambda payment: payment.id)


def paid_towards(promises, payments):
    sums = defaultdict(Decimal)
    for part in appropriate(promises, payments):
        sums[part.promise] += part.amount
    return sums


def promise(amount="100.00", *, made_at=MADE, closes_at=CLOSES, **fields):
    return Promised(
        **{"id": uuid.uuid4(), "amount": Decimal(amount), "currency": "CNY", **fields},
        made_at=made_at,
        closes_at=closes_at,
    )


def payment(amount="100.00", *, number=1, received_at=MADE + timedelta(days=1), **fields):
    return Paid(
        **{"id": number, "amount": Decimal(amount), "currency": "CNY", **fields}, received_at=received_at
    )


class TestAppropriation:
    @given(promises=promises_of, payments=payments_of)
    def test_no_cent_counts_twice_and_no_promise_gets_more_than_it_asks(self, promises, payments):
        of_payment, of_promise = defaultdict(Decimal), defaultdict(Decimal)
        for part in appropriate(promises, payments):
            assert part.amount > 0
            of_payment[part.payment] += part.amount
            of_promise[part.promise] += part.amount

        assert all(of_payment[payment.id] <= payment.amount for payment in payments)
        assert all(of_promise[promise.id] <= promise.amount for promise in promises)

    @given(promises=promises_of, payments=payments_of)
    def test_only_payments_that_meet_the_promise_count(self, promises, payments):
        by_id = {payment.id: payment for payment in payments}
        wanted = {promise.id: promise for promise in promises}

        for part in appropriate(promises, payments):
            promised, paid = wanted[part.promise], by_id[part.payment]
            assert promised.made_at <= paid.received_at < promised.closes_at
            assert paid.currency == promised.currency
            assert not paid.is_reversed

    @given(promises=promises_of, payments=payments_of, random=st.randoms())
    def test_the_order_of_import_does_not_matter(self, promises, payments, random):
        shuffled_promises, shuffled_payments = list(promises), list(payments)
        random.shuffle(shuffled_promises)
        random.shuffle(shuffled_payments)

        assert set(appropriate(promises, payments)) == set(appropriate(shuffled_promises, shuffled_payments))

    @given(promises=promises_of, payments=payments_of, more=payment_facts())
    def test_another_payment_never_takes_anything_from_a_promise(self, promises, payments, more):
        more = replace(more, id=10**7)
        before = paid_towards(promises, payments)

        after = paid_towards(promises, [*payments, more])

        assert all(after[promise.id] >= before[promise.id] for promise in promises)

    @given(promises=promises_of, payments=payments_of, more=payment_facts())
    def test_a_reversal_undoes_the_payment(self, promises, payments, more):
        undone = replace(more, id=10**7, is_reversed=True)

        assert appropriate(promises, [*payments, undone]) == appropriate(promises, payments)

    @given(promises=promises_of, payments=payments_of)
    def test_nothing_is_left_over_while_a_promise_it_meets_wants_more(self, promises, payments):
        parts = appropriate(promises, payments)
        paid = paid_towards(promises, payments)
        for payment_left in payments:
            left = payment_left.amount - sum(part.amount for part in parts if part.payment == payment_left.id)
            for promised in promises:
                if left and promised.is_met_by(payment_left):
                    assert paid[promised.id] == promised.amount

    def test_the_oldest_promise_comes_first(self):
        older = promise("80.00")
        newer = promise("80.00", made_at=MADE + timedelta(hours=1))

        assert paid_towards([newer, older], [payment("100.00")]) == {
            older.id: Decimal("80.00"),
            newer.id: Decimal("20.00"),
        }

    @pytest.mark.parametrize(
        ("received_at", "counts"),
        [
            (MADE - timedelta(microseconds=1), False),
            (MADE, True),
            (CLOSES - timedelta(microseconds=1), True),
            (CLOSES, False),
        ],
    )
    def test_a_payment_counts_from_the_promise_until_it_closes(self, received_at, counts):
        assert bool(appropriate([promise()], [payment(received_at=received_at)])) is counts

    def test_money_of_another_currency_does_not_count(self):
        assert appropriate([promise()], [payment(currency="USD")]) == []


class TestJudgement:
    @pytest.mark.parametrize(
        ("paid", "now", "verdict"),
        [
            ("100.00", MADE, Verdict.KEPT),
            ("100.00", CLOSES, Verdict.KEPT),
            ("99.99", CLOSES - timedelta(microseconds=1), Verdict.OPEN),
            ("0.00", CLOSES - timedelta(microseconds=1), Verdict.OPEN),
            ("99.99", CLOSES, Verdict.PARTIAL),
            ("0.01", CLOSES, Verdict.PARTIAL),
            ("0.00", CLOSES, Verdict.BROKEN),
        ],
    )
    def test_the_verdict_turns_at_the_amount_and_at_the_deadline(self, paid, now, verdict):
        assert judge(promise(), paid=Decimal(paid), now=now) == verdict

    def test_nobody_breaks_a_promise_to_pay_what_is_no_longer_owed(self):
        pointless = promise(pointless=True)

        assert judge(pointless, paid=Decimal(0), now=CLOSES) == Verdict.CANCELLED
        assert judge(pointless, paid=Decimal(0), now=MADE) == Verdict.OPEN
        assert judge(pointless, paid=pointless.amount, now=CLOSES) == Verdict.KEPT

    @given(promised=promise_facts(), payments=payments_of, more=payment_facts(), hour=hours)
    def test_more_money_never_makes_the_verdict_worse(self, promised, payments, more, hour):
        rank = [Verdict.BROKEN, Verdict.PARTIAL, Verdict.OPEN, Verdict.KEPT]
        now = MADE + timedelta(hours=hour)
        verdicts = [
            judge(promised, paid=paid_towards([promised], known)[promised.id], now=now)
            for known in (payments, [*payments, replace(more, id=10**7)])
        ]

        assert rank.index(verdicts[0]) <= rank.index(verdicts[1])

    def test_verdicts_are_statuses(self):
        assert {verdict.value for verdict in Verdict} == set(PromiseStatus.values)
