"""A follow-up asks a contact person of its own customer, and nobody else's."""

from django.db import migrations


class Migration(migrations.Migration):
    dependencies = [("followups", "0006_contact_search"), ("accounts", "0005_contact_people")]

    operations = [
        migrations.RunSQL(
            """
            ALTER TABLE followups_followup ADD CONSTRAINT follow_up_contact_person_of_customer
            FOREIGN KEY (contact_person_id, customer_id) REFERENCES accounts_contactperson (id, customer_id);
            """,
            "ALTER TABLE followups_followup DROP CONSTRAINT follow_up_contact_person_of_customer;",
        )
    ]
