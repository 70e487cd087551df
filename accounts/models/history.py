"""The history of what people edit in this package (`config.history`)."""

from accounts.models.staff import Branch, InBranchLedgerQuerySet, User
from config.history import history_of

BranchHistory = history_of(Branch)
# A new password is noticed and never copied; a log-in is not an edit.
UserHistory = history_of(
    User, leaving_out=["password", "last_login"], noticing=["password"], rows=InBranchLedgerQuerySet
)
