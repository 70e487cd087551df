"""What was told in complaints, how to reach who told it, and what was answered: gone when their time is over."""

from django.db import migrations

from compliance.retention.sql import Part, add_class, add_purge

OVER = "('ANSWERED', 'CLOSED', 'WITHDRAWN')"
INDEX = f"""
CREATE INDEX complaint_with_words ON compliance_complaint (status_changed_at)
WHERE status IN {OVER} AND (told_sealed IS NOT NULL OR contact_sealed IS NOT NULL);
"""


class Migration(migrations.Migration):
    dependencies = [("compliance", "0043_closed_customers")]

    operations = [
        migrations.RunSQL(INDEX, "DROP INDEX complaint_with_words;"),
        add_class("complaint-words", minimum=730, maximum=3650, keep=1825),
        add_purge(
            "purge_complaint_words",
            key="complaint-words",
            parts=(
                Part(
                    "compliance_complaint",
                    since="t.status_changed_at",
                    still=f"t.status IN {OVER} AND (t.told_sealed IS NOT NULL OR t.contact_sealed IS NOT NULL)",
                    change="told_sealed = NULL, contact_sealed = NULL",
                    customer="t.customer_id",
                    open_case_keeps=True,
                ),
                Part(
                    "compliance_complaintevent",
                    since="c.status_changed_at",
                    still=f"t.words_sealed IS NOT NULL AND c.status IN {OVER}",
                    change="words_sealed = NULL",
                    join="JOIN compliance_complaint c ON c.id = t.complaint_id",
                    customer="c.customer_id",
                    open_case_keeps=True,
                ),
            ),
        ),
    ]
