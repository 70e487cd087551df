"""The words of messages and of follow-ups go when their time is over; that there was one stays."""

from django.db import migrations

from compliance.retention.sql import Part, add_class, add_purge

INDEXES = """
CREATE INDEX sent_message_with_text ON followups_sentmessage (handed_over_at) WHERE text <> '';
CREATE INDEX follow_up_with_note ON followups_followup (done_at) WHERE note <> '';
"""


class Migration(migrations.Migration):
    dependencies = [("followups", "0008_purposes"), ("compliance", "0044_complaint_words")]

    operations = [
        migrations.RunSQL(INDEXES, "DROP INDEX sent_message_with_text, follow_up_with_note;"),
        add_class("message-texts", minimum=730, maximum=3650, keep=1825),
        add_class("follow-up-notes", minimum=730, maximum=3650, keep=1825),
        add_purge(
            "purge_message_texts",
            key="message-texts",
            parts=(
                Part(
                    "followups_sentmessage",
                    since="t.handed_over_at",
                    still="t.text <> ''",
                    change="text = '', to_masked = ''",
                    join="JOIN followups_message m ON m.id = t.message_id",
                    customer="m.customer_id",
                    open_case_keeps=True,
                ),
            ),
        ),
        add_purge(
            "purge_follow_up_notes",
            key="follow-up-notes",
            parts=(
                Part(
                    "followups_followup",
                    since="t.done_at",
                    still="t.note <> ''",
                    change="note = ''",
                    customer="t.customer_id",
                    open_case_keeps=True,
                ),
            ),
        ),
    ]
