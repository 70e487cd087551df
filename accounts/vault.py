"""Sealing of personal data: AES-256-GCM for the value, HMAC-SHA256 for looking it up.

A sealed value is `key name, 0, 12-byte nonce, ciphertext`. Its column and row are bound in as associated data,
so that a value copied to another row or column does not open. The blind index is keyed apart from the
sealing keys and answers equality only.
"""

import base64
import hashlib
import hmac
import os
from functools import cache
from uuid import UUID

from cryptography.exceptions import InvalidTag
from cryptography.hazmat.primitives.ciphers.aead import AESGCM
from django.conf import settings


class NotOpened(Exception):
    """A sealed value does not belong to this column and row, was altered, or its key is gone."""


@cache
def _decoded(key: str) -> bytes:
    return base64.urlsafe_b64decode(key + "=" * (-len(key) % 4))


@cache
def _cipher(key: str) -> AESGCM:
    return AESGCM(_decoded(key))


def _bound_to(column: str, row: UUID) -> bytes:
    return column.encode() + b"\0" + row.bytes


def seal(plaintext: str, *, column: str, row: UUID) -> bytes:
    """Encrypt `plaintext` for one `column` ("customer.identity_number") of one `row`."""
    name, key = next(iter(settings.DATA_KEYS.items()))
    nonce = os.urandom(12)
    text = _cipher(key).encrypt(nonce, plaintext.encode(), _bound_to(column, row))
    return name.encode() + b"\0" + nonce + text


def unseal(sealed: bytes | memoryview, *, column: str, row: UUID) -> str:
    """The plaintext of a sealed value. Raises NotOpened when it is not this row's, or its key is gone."""
    name, _, rest = bytes(sealed).partition(b"\0")
    key = settings.DATA_KEYS.get(name.decode(errors="replace"))
    if key is None:
        raise NotOpened(f"No key {name!r} in DATA_KEYS; keep old keys until all rows are re-sealed.")
    try:
        return _cipher(key).decrypt(rest[:12], rest[12:], _bound_to(column, row)).decode()
    except InvalidTag as wrong:
        raise NotOpened(f"The sealed {column} of row {row} does not open.") from wrong


def blind_index(normal_form: str, *, column: str) -> bytes:
    """32 bytes by which equal values of `column` are found without opening them."""
    message = column.encode() + b"\0" + normal_form.encode()
    return hmac.digest(_decoded(settings.INDEX_KEY), message, hashlib.sha256)


def masked_identity_number(number: str) -> str:
    """1502**********2343 for a Chinese number; of shorter ones only the last four, of fragments nothing."""
    if len(number) < 9:
        return "*" * len(number)
    shown = 4 if len(number) > 12 else 0
    return f"{number[:shown]}{'*' * (len(number) - shown - 4)}{number[-4:]}"


def masked_phone(number: str) -> str:
    """+8613900001234 → +86139****1234."""
    return f"{number[:-8]}****{number[-4:]}" if len(number) > 8 else "****"


def masked_name(name: str) -> str:
    """张三丰 → 张**; John Smith → J*** S****."""
    return " ".join(part[:1] + "*" * min(len(part) - 1, 4) for part in name.split())
