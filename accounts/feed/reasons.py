"""Every sentence a row or a field can be rejected with.

They are kept in English (`Reject.reason`) and translated where they are shown.
"""

from django.utils.translation import gettext_noop as _

NOT_AS_MANY_FIELDS = _("The row has not as many fields as the header. Quote fields that hold a comma.")
QUOTES_DO_NOT_MATCH = _(
    "The quotation marks of the row do not match. Write a quotation mark inside a field twice."
)
EMPTY = _("The field is empty. This file needs it.")
TOO_LONG = _("The text is too long.")
CONTROL_CHARACTERS = _("The text holds control characters.")
NOT_MONEY = _("This is not an amount. Write digits, a point and two decimals, as in 1250.00.")
NEGATIVE = _("The amount is below zero.")
NOT_POSITIVE = _("The amount is not above zero.")
NOT_A_DATE = _("This is not a date. Write it as 2026-11-20.")
NOT_A_MONTH = _("This is not a month. Write it as 2026-11.")
NOT_AN_INSTANT = _("This is not a time with its offset. Write it as 2026-11-20T10:30:00+08:00.")
NOT_A_COUNT = _("This is not a whole number, or it is too great.")
NOT_A_CODE = _("This code is not in the list of the feed format.")
NOT_A_CURRENCY = _("This is not a currency code. Write three capital letters, as in CNY.")
NOT_A_COUNTRY = _("This is not a country code. Write two capital letters, as in CN.")
NOT_A_COORDINATE = _("This is not a coordinate. Write decimal degrees with a point, as in 40.641700.")
COORDINATE_ALONE = _("Latitude, longitude and datum come together or not at all.")
UNKNOWN_TIME_ZONE = _(
    "This time zone is not in the IANA list. The customer cannot be contacted until it is mended."
)

IDENTITY_LENGTH = _("The identity number has a wrong length or wrong characters.")
IDENTITY_CHECKSUM = _("The check digit of the identity number is wrong.")
IDENTITY_PARTS = _("The identity number holds a place or a date that does not exist.")
IDENTITY_NOT_CHECKABLE = _("Identity numbers of this country cannot be checked.")
IDENTITY_BIRTH_DATE = _("The identity number and the date of birth contradict each other.")
BIRTH_DATE_UNLIKELY = _("The date of birth lies after the day of the feed or before 1900.")
PHONE_NOT_VALID = _("This is not a telephone number of that country.")

OVERDUE_WITHOUT_DATE = _("An amount is overdue, but the oldest unpaid due date is empty.")
DATE_WITHOUT_OVERDUE = _("Nothing is overdue, but an oldest unpaid due date is given.")
LATER_THAN_THE_FEED = _("The date lies after the day of the feed.")
REVERSED_BEFORE_RECEIVED = _("The payment was reversed before it was received.")

UNKNOWN_BRANCH = _("No branch has this code. Set the branch up first.")
TWICE = _("An earlier row of this file has the same key. The earlier row was taken.")
CUSTOMER_REJECTED = _("The row of this customer was rejected.")
UNKNOWN_CUSTOMER = _("No customer has this number.")
ACCOUNT_REJECTED = _("The row of this account was rejected.")
UNKNOWN_ACCOUNT = _("No account has this reference.")
ANOTHER_CUSTOMERS = _("The account belongs to another customer.")
NEWER_IS_KNOWN = _("A newer state of this account is already known.")
PAYMENT_CHANGED = _("A payment with this reference is known with another account, amount or time.")
