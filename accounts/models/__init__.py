from accounts.models.cases import Case, CaseEvent
from accounts.models.contact_people import ContactPerson
from accounts.models.customers import Address, Customer, Phone
from accounts.models.debts import Account, Payment, RepaymentMonth
from accounts.models.feed import Batch, Reject
from accounts.models.history import BranchHistory, UserHistory
from accounts.models.staff import Branch, User
from accounts.models.verification import Verification, verified_customers

__all__ = [
    "Account",
    "Address",
    "Batch",
    "Branch",
    "BranchHistory",
    "Case",
    "CaseEvent",
    "ContactPerson",
    "Customer",
    "Payment",
    "Phone",
    "Reject",
    "RepaymentMonth",
    "User",
    "UserHistory",
    "Verification",
    "verified_customers",
]
