"""The database's own walls around a complaint: moved only along the table of transitions, what came in never rewritten,
its events never changed.
"""

from django.db import migrations

from config.ledger import forbid_changes

# Frozen here as it was when this migration was written; a test compares it with `complaints.terms.TRANSITIONS`.
TRANSITIONS = (
    ("RECEIVED", "UNDER_REVIEW"),
    ("RECEIVED", "WITHDRAWN"),
    ("UNDER_REVIEW", "ANSWERED"),
    ("UNDER_REVIEW", "WITHDRAWN"),
    ("ANSWERED", "CLOSED"),
    ("ANSWERED", "REOPENED"),
    ("CLOSED", "REOPENED"),
    ("REOPENED", "UNDER_REVIEW"),
    ("REOPENED", "WITHDRAWN"),
)

# What was told may be erased when its time is over, and by nothing else is it changed.
WALL = f"""
CREATE FUNCTION compliance_complaint_wall() RETURNS trigger LANGUAGE plpgsql AS $$
BEGIN
    IF TG_OP = 'DELETE' OR TG_OP = 'TRUNCATE' THEN
        RAISE EXCEPTION 'complaints are answered, never deleted' USING ERRCODE = '42501';
    END IF;
    IF NEW.contact_id IS NOT NULL AND NOT EXISTS (
        SELECT FROM compliance_contact WHERE id = NEW.contact_id AND customer_id = NEW.customer_id
    ) THEN
        RAISE EXCEPTION 'contact % was not made with the customer of complaint %', NEW.contact_id, NEW.reference
            USING ERRCODE = 'check_violation', CONSTRAINT = 'complaint_about_a_contact_of_its_customer';
    END IF;
    IF TG_OP = 'INSERT' THEN
        IF NEW.status <> 'RECEIVED' THEN
            RAISE EXCEPTION 'a complaint begins as received, not as %', NEW.status
                USING ERRCODE = 'check_violation', CONSTRAINT = 'complaint_begins_as_received';
        END IF;
        RETURN NEW;
    END IF;
    IF (NEW.id, NEW.reference, NEW.origin, NEW.intake, NEW.received_at, NEW.received_by_id, NEW.received_on)
        IS DISTINCT FROM
        (OLD.id, OLD.reference, OLD.origin, OLD.intake, OLD.received_at, OLD.received_by_id, OLD.received_on)
        OR (NEW.told_sealed IS NOT NULL AND NEW.told_sealed IS DISTINCT FROM OLD.told_sealed)
        OR (NEW.contact_sealed IS NOT NULL AND NEW.contact_sealed IS DISTINCT FROM OLD.contact_sealed) THEN
        RAISE EXCEPTION 'what came in with complaint % is not rewritten', OLD.reference USING ERRCODE = '42501';
    END IF;
    IF NEW.status <> OLD.status
        AND (OLD.status, NEW.status) NOT IN ({", ".join(map(str, TRANSITIONS))}) THEN
        RAISE EXCEPTION 'a complaint does not go from % to %', OLD.status, NEW.status
            USING ERRCODE = 'check_violation', CONSTRAINT = 'complaint_moves_along_the_table';
    END IF;
    RETURN NEW;
END $$;

CREATE TRIGGER compliance_complaint_wall BEFORE INSERT OR UPDATE OR DELETE ON compliance_complaint
FOR EACH ROW EXECUTE FUNCTION compliance_complaint_wall();
CREATE TRIGGER compliance_complaint_is_not_emptied BEFORE TRUNCATE ON compliance_complaint
FOR EACH STATEMENT EXECUTE FUNCTION compliance_complaint_wall();
"""
NO_WALL = """
DROP TRIGGER compliance_complaint_is_not_emptied ON compliance_complaint;
DROP TRIGGER compliance_complaint_wall ON compliance_complaint;
DROP FUNCTION compliance_complaint_wall();
"""


class Migration(migrations.Migration):
    dependencies = [("compliance", "0030_complaints"), ("config", "0001_initial")]

    operations = [
        migrations.RunSQL(WALL, NO_WALL),
        forbid_changes("compliance_complaintevent"),
    ]
