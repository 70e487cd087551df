from typing import Any

from django.core.management.base import BaseCommand

from compliance.audit.keys import public_key


class Command(BaseCommand):
    help = "Show the public key of the signed checkpoints (Ed25519, base64). Keep it where nobody here can change it."

    def handle(self, *args: Any, **options: Any) -> None:
        self.stdout.write(public_key())
