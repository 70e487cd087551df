"""One table as the customer gets to read it."""

from collections.abc import Callable, Mapping
from dataclasses import dataclass, field
from typing import Any

from django.utils.functional import Promise

# How a field is written when it is not left out:
#   a member of staff    by masked name and role: the bank answers for its people, their names are their own
#   free text            with every telephone and identity number in it masked that is not the customer's
#   another row          by its number
Why = str | Promise


@dataclass(frozen=True)
class Part:
    """`model` as "visits.Visit"; `path` leads from it to the customer (empty: it is the customer).

    Every field is told unless `leave_out` says why not, so that a new one cannot be forgotten. `in_words` are those
    that the row's owner can say in sentences; `opened` sealed ones that are told in clear: under which name the disclosure
    is logged, and how a row's value is opened.
    """

    model: str
    path: str
    order: str = "pk"
    leave_out: Mapping[str, Why] = field(default_factory=dict)
    opened: Mapping[str, tuple[str, Callable[[Any], str]]] = field(default_factory=dict)
    in_words: Mapping[str, Callable[[Any], str]] = field(default_factory=dict)
