"""The database's own walls: nothing is sent or dialled without its own contact of the same customer, channel and
purpose; a message goes to the customer's own number; no row takes a step that its table of transitions lacks.

The steps below are frozen: a later change of `TRANSITIONS` is a new migration, and a test compares the two.
"""

from django.db import migrations

from config.ledger import forbid_changes

PHONE_OF_CUSTOMER = """
ALTER TABLE accounts_phone ADD CONSTRAINT phone_of_customer UNIQUE (id, customer_id);
"""

OWN_CONTACT = """
ALTER TABLE followups_message ADD CONSTRAINT message_has_its_own_contact
FOREIGN KEY (contact_id, customer_id, channel, purpose)
REFERENCES compliance_contact (id, customer_id, channel, purpose);

ALTER TABLE followups_followup ADD CONSTRAINT follow_up_has_its_own_contact
FOREIGN KEY (contact_id, customer_id, channel, purpose)
REFERENCES compliance_contact (id, customer_id, channel, purpose);
"""

OWN_CASE = """
ALTER TABLE followups_message ADD CONSTRAINT message_case_of_customer
FOREIGN KEY (case_id, customer_id) REFERENCES accounts_case (id, customer_id);

ALTER TABLE followups_message ADD CONSTRAINT message_phone_of_customer
FOREIGN KEY (phone_id, customer_id) REFERENCES accounts_phone (id, customer_id);

ALTER TABLE followups_promise ADD CONSTRAINT promise_case_of_customer
FOREIGN KEY (case_id, customer_id) REFERENCES accounts_case (id, customer_id);

ALTER TABLE followups_followup ADD CONSTRAINT follow_up_case_of_customer
FOREIGN KEY (case_id, customer_id) REFERENCES accounts_case (id, customer_id);
"""

# The arguments of the trigger are the allowed steps "OLD>NEW"; ">NEW" is the status a row is born with.
REFUSE_STEP = """
CREATE FUNCTION followups_refuse_step() RETURNS trigger LANGUAGE plpgsql AS $$
DECLARE
    step text := CASE TG_OP WHEN 'INSERT' THEN '' ELSE OLD.status END || '>' || NEW.status;
BEGIN
    IF NOT step = ANY (TG_ARGV) THEN
        RAISE EXCEPTION '%: the step % is not in the table of transitions', TG_TABLE_NAME, step
            USING ERRCODE = 'check_violation', CONSTRAINT = 'step_is_in_transitions';
    END IF;
    RETURN NEW;
END $$;
"""

MESSAGE_STEPS = """
>PENDING
PENDING>CLAIMED PENDING>CANCELLED
CLAIMED>SENDING CLAIMED>PENDING CLAIMED>BLOCKED CLAIMED>CANCELLED
SENDING>SENT SENDING>FAILED SENDING>UNKNOWN SENDING>PENDING
UNKNOWN>SENT UNKNOWN>FAILED
"""

PROMISE_STEPS = """
>OPEN
OPEN>KEPT OPEN>PARTIAL OPEN>BROKEN OPEN>CANCELLED
KEPT>OPEN KEPT>PARTIAL KEPT>BROKEN
PARTIAL>KEPT PARTIAL>BROKEN
BROKEN>KEPT BROKEN>PARTIAL
"""

FOLLOW_UP_STEPS = ">OPEN OPEN>DONE OPEN>CANCELLED"


def allow_only(steps: str, table: str) -> migrations.RunSQL:
    arguments = ", ".join(f"'{step}'" for step in steps.split())
    return migrations.RunSQL(
        f"""
        CREATE TRIGGER {table}_is_born BEFORE INSERT ON {table}
        FOR EACH ROW EXECUTE FUNCTION followups_refuse_step({arguments});
        CREATE TRIGGER {table}_takes_a_step BEFORE UPDATE OF status ON {table}
        FOR EACH ROW WHEN (OLD.status IS DISTINCT FROM NEW.status)
        EXECUTE FUNCTION followups_refuse_step({arguments});
        """,
        f"DROP TRIGGER {table}_is_born ON {table}; DROP TRIGGER {table}_takes_a_step ON {table};",
    )


class Migration(migrations.Migration):
    dependencies = [
        ("followups", "0001_initial"),
        ("accounts", "0001_initial"),
        ("compliance", "0001_initial"),
        ("config", "0001_initial"),
    ]

    operations = [
        migrations.RunSQL(
            PHONE_OF_CUSTOMER, "ALTER TABLE accounts_phone DROP CONSTRAINT phone_of_customer;"
        ),
        migrations.RunSQL(
            OWN_CONTACT,
            """
            ALTER TABLE followups_message DROP CONSTRAINT message_has_its_own_contact;
            ALTER TABLE followups_followup DROP CONSTRAINT follow_up_has_its_own_contact;
            """,
        ),
        migrations.RunSQL(
            OWN_CASE,
            """
            ALTER TABLE followups_message DROP CONSTRAINT message_case_of_customer;
            ALTER TABLE followups_message DROP CONSTRAINT message_phone_of_customer;
            ALTER TABLE followups_promise DROP CONSTRAINT promise_case_of_customer;
            ALTER TABLE followups_followup DROP CONSTRAINT follow_up_case_of_customer;
            """,
        ),
        migrations.RunSQL(REFUSE_STEP, "DROP FUNCTION followups_refuse_step();"),
        allow_only(MESSAGE_STEPS, "followups_message"),
        allow_only(PROMISE_STEPS, "followups_promise"),
        allow_only(FOLLOW_UP_STEPS, "followups_followup"),
        forbid_changes("followups_messageevent"),
        forbid_changes("followups_sentmessage"),
    ]
