"""The package a customer has a right to (PIPL art. 45): a page to read, a file to parse, and their hashes.

Personal data in it are in clear, because they are the customer's own; each value opened for it is a Disclosure, and the
package itself is an Export with the hash of its bytes.
"""

import hashlib
import json
import zipfile
from collections.abc import Callable, Iterator
from datetime import datetime
from typing import IO, Any

from django.apps import apps
from django.db.models import Model
from django.template.loader import render_to_string
from django.utils import timezone, translation
from django.utils.translation import gettext

from accounts.models import Customer, User
from compliance.data_requests.reading import DataRequest
from compliance.data_requests.terms import FAVOURABLE, RequestKind
from compliance.disclosure import disclose_to_the_customer
from compliance.exporting.export import Exported, export
from compliance.exporting.terms import ExportFormat, ExportKind
from config.desk.access.collecting import InClear, Section, collect
from config.desk.access.held import EXCLUDED, HELD

PAGE, DATA, STYLE, SUMS = "personal-data.html", "personal-data.json", "personal-data.css", "SHA256SUMS"
CUSTOMER, PHONE = "accounts.Customer", "accounts.Phone"

Opening = Callable[[Any], str]


class NotGranted(Exception):
    """A package is built for a request for access that was granted."""


def access_package(request: DataRequest, *, purpose: str, by: User, now: datetime) -> Exported:
    """Everything held on the customer of a granted request for access, as a ZIP. Raises NotGranted and NoPurpose.

    Written in the customer's language, Simplified Chinese or English. The disclosures, the export's row and the file
    stand or fall together.
    """
    if request.kind != RequestKind.ACCESS or request.status not in FAVOURABLE:
        raise NotGranted(gettext("Check the customer's identity and grant the access first."))
    customer = request.customer

    def build(out: IO[bytes], mark: str) -> int:
        in_clear = _opened(customer, request=request, by=by, now=now)
        with translation.override(_language(customer)), timezone.override(customer.branch.time_zone):
            sections = collect(customer.pk, in_clear=in_clear)
            _write(out, customer=customer, sections=sections, mark=mark, now=now)
        return sum(len(section.rows) for section in sections)

    return export(
        what=ExportKind.ACCESS_PACKAGE,
        in_format=ExportFormat.ZIP,
        purpose=purpose,
        filters={"request": str(request.pk)},
        build=build,
        customer=customer,
        by=by,
        now=now,
    )


def _language(customer: Customer) -> str:
    return customer.language if translation.check_for_language(customer.language) else "zh-hans"


def _opened(customer: Customer, *, request: DataRequest, by: User, now: datetime) -> InClear:
    """Every sealed value of the customer in clear, each logged before the first is opened."""
    phones = [phone for phone in customer.phones.order_by("pk") if phone.number_masked]
    sealed = list(_sealed(customer))
    reason = f"data request {request.pk}"
    also = [name for name, _key, _open, _row in sealed]
    identity, numbers = disclose_to_the_customer(customer, phones, also=also, reason=reason, by=by, now=now)
    opened = {
        (PHONE, str(phone.pk), "number_masked"): number for phone, number in zip(phones, numbers, strict=True)
    }
    if identity:
        opened[CUSTOMER, str(customer.pk), "identity_number_masked"] = identity
    return opened | {key: opening(row) for _name, key, opening, row in sealed}


def _sealed(customer: Customer) -> Iterator[tuple[str, tuple[str, str, str], Opening, Model]]:
    """The values that `HELD` says are opened, as far as there are any."""
    for part in HELD:
        if part.opened:
            rows = apps.get_model(part.model)._default_manager.filter(**{part.path: customer.pk})
            for row in rows.order_by(part.order, "pk"):
                for field, (name, opening) in part.opened.items():
                    if getattr(row, field):
                        yield name, (part.model, str(row.pk), field), opening, row


def _write(out: IO[bytes], *, customer: Customer, sections: list[Section], mark: str, now: datetime) -> None:
    told = {
        "customer": customer,
        "sections": sections,
        "excluded": [str(why) for why in EXCLUDED.values()],
        "mark": mark,
        "now": now,
        "style": STYLE,
        "data": DATA,
    }
    files = {
        PAGE: render_to_string("desk/access/package.html", told).encode(),
        STYLE: render_to_string("desk/access/package.css").encode(),
        DATA: json.dumps(_for_machines(sections, mark), ensure_ascii=False, indent=1).encode(),
    }
    sums = "".join(f"{hashlib.sha256(data).hexdigest()}  {name}\n" for name, data in files.items())
    with zipfile.ZipFile(out, "w", zipfile.ZIP_DEFLATED) as package:
        for name, data in {**files, SUMS: sums.encode()}.items():
            package.writestr(name, data)


def _for_machines(sections: list[Section], mark: str) -> dict[str, Any]:
    return {
        "format": "zoufang-personal-data/1",
        "watermark": mark,
        "tables": {
            section.model: [{value.name: value.plain for value in row} for row in section.rows]
            for section in sections
        },
    }
