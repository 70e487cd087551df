"""The card that scores from day one. Its numbers are in risk/cards; a bank's own card follows as a new version."""

import json
from datetime import UTC, datetime
from pathlib import Path

from django.db import migrations

from risk.card import sha256_of

CARD = Path(__file__).resolve().parent.parent / "cards" / "default-1.1.json"


def insert_default_card(apps, schema_editor):
    definition = json.loads(CARD.read_text(encoding="utf-8"))
    apps.get_model("risk", "Scorecard").objects.using(schema_editor.connection.alias).create(
        name=definition["name"],
        version=definition["version"],
        status="ACTIVE",
        definition=definition,
        sha256=sha256_of(definition),
        created_at=datetime.now(tz=UTC),
    )


class Migration(migrations.Migration):
    dependencies = [("risk", "0001_initial")]

    operations = [migrations.RunPython(insert_default_card, migrations.RunPython.noop)]
