"""Alerts are evidence; a person's looks are counted by the hundred thousand, a customer's are listed."""

from django.db import migrations

from config.ledger import forbid_changes

INDEXES = """
CREATE INDEX disclosure_by_person ON compliance_disclosure (by_id, at DESC);
CREATE INDEX disclosure_of_customer ON compliance_disclosure (customer_id, at DESC);
"""


class Migration(migrations.Migration):
    dependencies = [("compliance", "0037_disclosure_reasons"), ("config", "0001_initial")]

    operations = [
        migrations.RunSQL(INDEXES, "DROP INDEX disclosure_by_person; DROP INDEX disclosure_of_customer;"),
        forbid_changes("compliance_disclosurealert"),
    ]
