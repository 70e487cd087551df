from itertools import product

import pytest
from hypothesis import given
from hypothesis import strategies as st

from accounts.models.cases import NextAction, Stage
from risk.models import SafetyBand, Strategy
from visits import outcomes
from visits.briefs import BRIEFS, CONTINGENCIES
from visits.models.on_site import AbortReason, AddressState, Party, Result
from visits.models.visits import CancelReason


@pytest.mark.parametrize(
    ("table", "codes"),
    [
        (outcomes.BY_RESULT, Result),
        (outcomes.BY_ABORT, AbortReason),
        (outcomes.BY_CANCELLATION, CancelReason),
        (BRIEFS, Strategy),
        (CONTINGENCIES, SafetyBand),
    ],
)
def test_the_tables_have_a_line_for_every_code(table, codes):
    assert set(table) == set(codes)


@given(st.sampled_from(Result), st.sampled_from(AddressState))
def test_every_visit_has_a_next_step_in_the_future(result, state):
    outcome = outcomes.outcome_of(result=result, address_state=state)

    assert outcome.days >= 1
    assert outcome.stage in (Stage.FOLLOW_UP, Stage.PLANNING)


@given(st.sampled_from(Result), st.sampled_from(AddressState))
def test_nobody_goes_again_within_seven_days(result, state):
    outcome = outcomes.outcome_of(result=result, address_state=state)

    assert outcome.action != NextAction.VISIT or outcome.days > 7


@pytest.mark.parametrize("state", sorted(outcomes.WRONG_ADDRESS))
def test_where_the_customer_is_not_the_address_is_repaired(state):
    for result in (Result.NO_CONTACT, Result.MESSAGE_LEFT):
        assert outcomes.outcome_of(result=result, address_state=state).action == NextAction.REPAIR_ADDRESS


@pytest.mark.parametrize(("party", "result"), list(product(Party, Result)))
def test_what_cannot_be_is_refused_and_nothing_else(party, result):
    nobody = (party == Party.NOBODY) == (result == Result.NO_CONTACT)
    owes = result not in (Result.PROMISE, Result.PLAN_REQUEST) or party in (Party.DEBTOR, Party.GUARANTOR)

    assert outcomes.contradict(party, result) == (not (nobody and owes))


@pytest.mark.parametrize("party", [party for party in Party if party != Party.DEBTOR])
@pytest.mark.parametrize("result", list(Result))
def test_only_the_customer_in_person_is_the_right_party(party, result):
    assert not outcomes.is_right_party(party)
    assert outcomes.attitude_shown(party=party, result=result) is None
