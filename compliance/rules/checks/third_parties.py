"""Whom: the debtor and the guarantor; a contact person on two conditions, once, and never again after a no."""

SEARCH = "CONTACT_SEARCH"
