"""The text of a letter goes when its time is over; that it was written, when and by which contact stays, and its hash."""

from django.db import migrations

from compliance.retention.sql import Part, add_class, add_purge


class Migration(migrations.Migration):
    dependencies = [("followups", "0009_retention")]

    operations = [
        migrations.RunSQL(
            "CREATE INDEX letter_with_text ON followups_letter (written_at) WHERE text_sealed <> ''::bytea;",
            "DROP INDEX letter_with_text;",
        ),
        add_class("letter-texts", minimum=730, maximum=3650, keep=1825),
        add_purge(
            "purge_letter_texts",
            key="letter-texts",
            parts=(
                Part(
                    "followups_letter",
                    since="t.written_at",
                    still="t.text_sealed <> ''::bytea",
                    change="text_sealed = ''::bytea, envelope_sealed = ''::bytea",
                    customer="t.customer_id",
                    open_case_keeps=True,
                ),
            ),
        ),
    ]
