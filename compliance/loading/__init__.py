"""Facts for any number of intended contacts, in a constant number of queries."""

from compliance.loading.facts import load_facts
from compliance.loading.policies import Policies, load_policies

__all__ = ["Policies", "load_facts", "load_policies"]
