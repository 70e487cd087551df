"""Who answered at the door is gone with the notes of the visit; that consent was given, and how, stays."""

from django.db import migrations

from compliance.retention.sql import Part, add_purge

OF_VISIT = {"join": "JOIN visits_visit v ON v.id = t.visit_id", "customer": "v.customer_id"}
WORDS = {"since": "t.received_at", "open_case_keeps": True, **OF_VISIT}
BEFORE = (
    Part("visits_record", still="t.notes <> ''", change="notes = ''", **WORDS),
    Part("visits_incident", still="t.account <> ''", change="account = ''", **WORDS),
)
CONSENTS = Part("visits_consent", still="t.name <> '–'", change="name = '–'", **WORDS)


def noted(parts):
    return add_purge("purge_visit_notes", key="visit-notes", parts=parts).sql


class Migration(migrations.Migration):
    dependencies = [("visits", "0009_retention")]

    operations = [
        migrations.RunSQL(
            "CREATE INDEX consent_with_name ON visits_consent (received_at) WHERE name <> '–';",
            "DROP INDEX consent_with_name;",
        ),
        migrations.RunSQL(noted((*BEFORE, CONSENTS)), noted(BEFORE)),
    ]
