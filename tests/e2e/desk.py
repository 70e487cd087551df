"""A supervisor at a browser: signs in, proposes a plan, accepts it."""

from django.utils import timezone

from visits.planning.decide import accept_plan
from visits.planning.propose import propose_plan


class Desk:
    def __init__(self, address, office):
        self.office = office

    def propose_plan(self):
        o = self.office
        self.plan = propose_plan(
            branch=o.branch, date=o.today, by=o.supervisor, now=timezone.now(), seed=1, seconds=1
        )
        print(self.plan.summary, self.plan.visits.count())

    def accept_plan(self):
        accept_plan(self.plan, by=self.office.supervisor, now=timezone.now())
