"""The keys of the evidence, from the settings: none of them is in the database."""

import base64
from functools import cache

from cryptography.hazmat.primitives.asymmetric.ed25519 import Ed25519PrivateKey, Ed25519PublicKey
from django.conf import settings
from django.core.exceptions import ImproperlyConfigured


def mac_key() -> bytes:
    """What keys the `mac` of every entry."""
    return _decoded(settings.AUDIT_KEY)


def signing_key() -> Ed25519PrivateKey:
    """What signs checkpoints. Raises ImproperlyConfigured when AUDIT_SIGNING_KEY is not 32 bytes."""
    try:
        return Ed25519PrivateKey.from_private_bytes(_decoded(settings.AUDIT_SIGNING_KEY))
    except ValueError as wrong:
        raise ImproperlyConfigured(
            "AUDIT_SIGNING_KEY is not the base64 of 32 bytes. Make a new one."
        ) from wrong


def public_key() -> str:
    """The public half of the signing key, base64 of its 32 bytes: keep it where nobody here can change it."""
    return base64.b64encode(signing_key().public_key().public_bytes_raw()).decode()


def trusted_keys() -> list[Ed25519PublicKey]:
    """Whose checkpoints count: the present key's and those of AUDIT_PUBLIC_KEYS."""
    before = [Ed25519PublicKey.from_public_bytes(_decoded(key)) for key in settings.AUDIT_PUBLIC_KEYS]
    return [signing_key().public_key(), *before]


@cache
def _decoded(key: str) -> bytes:
    """URL-safe base64 or the plain one, with or without the "=" at its end."""
    text = key.strip().rstrip("=").replace("+", "-").replace("/", "_")
    return base64.urlsafe_b64decode(text + "=" * (-len(text) % 4))
