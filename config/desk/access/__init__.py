"""Everything held on one customer, for the customer: collected at the top, where every package may be looked at."""
