"""The database's own walls around what is written: no submitted text changes, nobody approves alone, and no message
leaves by anything but an approved template of its channel, purpose and language that is in force at that moment.

The steps below are frozen: a later change of `TRANSITIONS` is a new migration, and a test compares the two.
"""

from django.db import migrations

from config.ledger import forbid_changes

# What came with the product is born approved; see TEMPLATE_IS_BORN.
TEMPLATE_STEPS = """
>DRAFT >APPROVED
DRAFT>SUBMITTED DRAFT>RETIRED
SUBMITTED>APPROVED SUBMITTED>RETIRED
APPROVED>RETIRED
"""


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


TEMPLATE_IS_BORN = """
CREATE FUNCTION followups_template_is_born() RETURNS trigger LANGUAGE plpgsql AS $$
DECLARE
    author text;
BEGIN
    SELECT role INTO author FROM accounts_user WHERE id = NEW.written_by_id;
    IF NEW.packaged IS DISTINCT FROM (author = 'SYSTEM') THEN
        RAISE EXCEPTION 'a packaged template is written by the system, every other one by a person'
            USING ERRCODE = 'check_violation', CONSTRAINT = 'packaged_template_is_the_systems';
    END IF;
    IF NOT NEW.packaged AND NEW.status <> 'DRAFT' THEN
        RAISE EXCEPTION 'a template is born a draft'
            USING ERRCODE = 'check_violation', CONSTRAINT = 'template_is_born_a_draft';
    END IF;
    RETURN NEW;
END $$;

CREATE TRIGGER followups_template_is_born_rightly BEFORE INSERT ON followups_template
FOR EACH ROW EXECUTE FUNCTION followups_template_is_born();
"""

TEMPLATE_STAYS = """
CREATE FUNCTION followups_template_stays() RETURNS trigger LANGUAGE plpgsql AS $$
DECLARE
    approver text;
BEGIN
    IF TG_OP = 'DELETE' OR TG_OP = 'TRUNCATE' THEN
        RAISE EXCEPTION 'templates are retired, never deleted' USING ERRCODE = '42501';
    END IF;
    IF (NEW.channel, NEW.purpose, NEW.language, NEW.version, NEW.packaged, NEW.written_by_id)
        IS DISTINCT FROM (OLD.channel, OLD.purpose, OLD.language, OLD.version, OLD.packaged, OLD.written_by_id)
        OR (OLD.status <> 'DRAFT' AND (NEW.body, NEW.written_at, NEW.submitted_at, NEW.submitted_by_id)
            IS DISTINCT FROM (OLD.body, OLD.written_at, OLD.submitted_at, OLD.submitted_by_id))
        OR (OLD.approved_at IS NOT NULL AND (NEW.approved_at, NEW.approved_by_id, NEW.effective_from)
            IS DISTINCT FROM (OLD.approved_at, OLD.approved_by_id, OLD.effective_from))
        OR (OLD.status = 'RETIRED') THEN
        RAISE EXCEPTION 'a submitted version of a template never changes: write a new one'
            USING ERRCODE = 'check_violation', CONSTRAINT = 'template_version_never_changes';
    END IF;
    IF NEW.status = 'APPROVED' AND OLD.status <> 'APPROVED' THEN
        SELECT role INTO approver FROM accounts_user WHERE id = NEW.approved_by_id;
        IF approver IS DISTINCT FROM 'COMPLIANCE_OFFICER' THEN
            RAISE EXCEPTION 'templates are approved by compliance officers'
                USING ERRCODE = 'check_violation', CONSTRAINT = 'template_approved_by_an_officer';
        END IF;
    END IF;
    RETURN NEW;
END $$;

CREATE TRIGGER followups_template_stays BEFORE UPDATE OR DELETE ON followups_template
FOR EACH ROW EXECUTE FUNCTION followups_template_stays();
CREATE TRIGGER followups_templates_are_not_emptied BEFORE TRUNCATE ON followups_template
FOR EACH STATEMENT EXECUTE FUNCTION followups_template_stays();
"""

BY_AN_APPROVED_TEMPLATE = """
CREATE FUNCTION followups_leaves_by_an_approved_template() RETURNS trigger LANGUAGE plpgsql AS $$
DECLARE
    instant timestamptz := compliance_now();
BEGIN
    PERFORM 1 FROM followups_template t
    WHERE t.id = NEW.template_id AND t.status = 'APPROVED'
        AND (t.channel, t.purpose) = (NEW.channel, NEW.purpose)
        AND t.effective_from <= instant AND (t.effective_until IS NULL OR t.effective_until > instant)
    FOR KEY SHARE;
    IF NOT FOUND THEN
        RAISE EXCEPTION '% %: no approved template in force lets it leave', TG_TABLE_NAME, NEW.id
            USING ERRCODE = 'check_violation', CONSTRAINT = 'leaves_by_an_approved_template';
    END IF;
    RETURN NEW;
END $$;

CREATE TRIGGER followups_message_leaves_by_a_template BEFORE UPDATE OF status ON followups_message
FOR EACH ROW WHEN (OLD.status IS DISTINCT FROM NEW.status AND NEW.status = 'SENDING')
EXECUTE FUNCTION followups_leaves_by_an_approved_template();
CREATE TRIGGER followups_letter_leaves_by_a_template BEFORE INSERT ON followups_letter
FOR EACH ROW EXECUTE FUNCTION followups_leaves_by_an_approved_template();
"""

OWN_CONTACT = """
ALTER TABLE followups_letter ADD CONSTRAINT letter_has_its_own_contact
FOREIGN KEY (contact_id, customer_id, channel, purpose)
REFERENCES compliance_contact (id, customer_id, channel, purpose);

ALTER TABLE followups_letter ADD CONSTRAINT letter_case_of_customer
FOREIGN KEY (case_id, customer_id) REFERENCES accounts_case (id, customer_id);
"""


class Migration(migrations.Migration):
    dependencies = [("followups", "0004_templates"), ("compliance", "0002_walls")]

    operations = [
        allow_only(TEMPLATE_STEPS, "followups_template"),
        migrations.RunSQL(
            TEMPLATE_IS_BORN,
            "DROP TRIGGER followups_template_is_born_rightly ON followups_template;"
            " DROP FUNCTION followups_template_is_born();",
        ),
        migrations.RunSQL(
            TEMPLATE_STAYS,
            "DROP TRIGGER followups_templates_are_not_emptied ON followups_template;"
            " DROP TRIGGER followups_template_stays ON followups_template;"
            " DROP FUNCTION followups_template_stays();",
        ),
        migrations.RunSQL(
            BY_AN_APPROVED_TEMPLATE,
            "DROP TRIGGER followups_letter_leaves_by_a_template ON followups_letter;"
            " DROP TRIGGER followups_message_leaves_by_a_template ON followups_message;"
            " DROP FUNCTION followups_leaves_by_an_approved_template();",
        ),
        migrations.RunSQL(
            OWN_CONTACT,
            """
            ALTER TABLE followups_letter DROP CONSTRAINT letter_case_of_customer;
            ALTER TABLE followups_letter DROP CONSTRAINT letter_has_its_own_contact;
            """,
        ),
        forbid_changes("followups_templateevent"),
        forbid_changes("followups_letter"),
    ]
