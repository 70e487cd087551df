"""Requests move along their table, holds are lifted and never taken away, bounds stay; and what a purge stands on."""

from django.db import migrations

from config.ledger import forbid_changes

# Frozen as it was when this migration was written; a test compares it with `compliance.data_requests.terms`.
TRANSITIONS = (
    ("RECEIVED", "IDENTITY_CHECKED"),
    ("RECEIVED", "REFUSED"),
    ("IDENTITY_CHECKED", "GRANTED"),
    ("IDENTITY_CHECKED", "PARTLY"),
    ("IDENTITY_CHECKED", "REFUSED"),
    ("GRANTED", "DONE"),
    ("PARTLY", "DONE"),
    ("REFUSED", "DONE"),
)

REQUEST_WALL = f"""
CREATE FUNCTION compliance_data_request_wall() RETURNS trigger LANGUAGE plpgsql AS $$
BEGIN
    IF TG_OP = 'DELETE' THEN
        RAISE EXCEPTION 'data requests are answered, never deleted' USING ERRCODE = '42501';
    END IF;
    IF TG_OP = 'INSERT' THEN
        IF NEW.status <> 'RECEIVED' THEN
            RAISE EXCEPTION 'a data request begins as received, not as %', NEW.status
                USING ERRCODE = 'check_violation', CONSTRAINT = 'data_request_begins_as_received';
        END IF;
        RETURN NEW;
    END IF;
    IF (NEW.customer_id, NEW.kind, NEW.received_at, NEW.received_by_id, NEW.due_on)
        IS DISTINCT FROM (OLD.customer_id, OLD.kind, OLD.received_at, OLD.received_by_id, OLD.due_on) THEN
        RAISE EXCEPTION 'who asked for what, when and by when stays as it was' USING ERRCODE = '42501';
    END IF;
    IF NEW.status <> OLD.status AND (OLD.status, NEW.status) NOT IN ({", ".join(map(str, TRANSITIONS))}) THEN
        RAISE EXCEPTION 'a data request does not go from % to %', OLD.status, NEW.status
            USING ERRCODE = 'check_violation', CONSTRAINT = 'data_request_moves_along_the_table';
    END IF;
    RETURN NEW;
END $$;

CREATE TRIGGER compliance_data_request_wall BEFORE INSERT OR UPDATE OR DELETE ON compliance_datarequest
FOR EACH ROW EXECUTE FUNCTION compliance_data_request_wall();
"""
NO_REQUEST_WALL = """
DROP TRIGGER compliance_data_request_wall ON compliance_datarequest;
DROP FUNCTION compliance_data_request_wall();
"""

HOLDS_STAY = """
CREATE FUNCTION compliance_hold_stays() RETURNS trigger LANGUAGE plpgsql AS $$
BEGIN
    IF TG_OP = 'DELETE' THEN
        RAISE EXCEPTION 'legal holds are lifted, never deleted' USING ERRCODE = '42501';
    END IF;
    IF OLD.lifted_at IS NOT NULL OR (NEW.customer_id, NEW.reason, NEW.starts_at, NEW.ends_at, NEW.entered_at,
        NEW.entered_by_id) IS DISTINCT FROM (OLD.customer_id, OLD.reason, OLD.starts_at, OLD.ends_at,
        OLD.entered_at, OLD.entered_by_id) THEN
        RAISE EXCEPTION 'a legal hold can only be lifted, once' USING ERRCODE = '42501';
    END IF;
    RETURN NEW;
END $$;

CREATE TRIGGER compliance_hold_stays BEFORE UPDATE OR DELETE ON compliance_legalhold
FOR EACH ROW EXECUTE FUNCTION compliance_hold_stays();
"""
NO_HOLDS_STAY = """
DROP TRIGGER compliance_hold_stays ON compliance_legalhold;
DROP FUNCTION compliance_hold_stays();
"""

BOUNDS_STAY = """
CREATE FUNCTION compliance_bounds_stay() RETURNS trigger LANGUAGE plpgsql AS $$
BEGIN
    IF current_user = (SELECT pg_get_userbyid(relowner) FROM pg_class WHERE oid = TG_RELID) THEN
        RETURN coalesce(NEW, OLD);
    END IF;
    IF TG_OP <> 'UPDATE' OR (NEW.key, NEW.minimum_days, NEW.maximum_days)
        IS DISTINCT FROM (OLD.key, OLD.minimum_days, OLD.maximum_days) THEN
        RAISE EXCEPTION 'retention classes and their bounds come with a migration' USING ERRCODE = '42501';
    END IF;
    RETURN NEW;
END $$;

CREATE TRIGGER compliance_bounds_stay BEFORE INSERT OR UPDATE OR DELETE ON compliance_retentionclass
FOR EACH ROW EXECUTE FUNCTION compliance_bounds_stay();
"""
NO_BOUNDS_STAY = """
DROP TRIGGER compliance_bounds_stay ON compliance_retentionclass;
DROP FUNCTION compliance_bounds_stay();
"""

# A day is 24 hours, so that no change of clocks moves the line. `make_interval(days => …)` would.
SPAN = """
CREATE FUNCTION retention_span(
    class_key text, at timestamptz, at_the_minimum boolean,
    OUT class_id bigint, OUT days integer, OUT instant timestamptz, OUT cutoff timestamptz
) LANGUAGE plpgsql AS $$
DECLARE
    found record;
BEGIN
    SELECT * INTO STRICT found FROM compliance_retentionclass WHERE key = class_key;
    IF found.keep_days < found.minimum_days THEN
        RAISE EXCEPTION 'retention class % is kept for less than its minimum', class_key
            USING ERRCODE = 'check_violation', CONSTRAINT = 'kept_between_the_bounds';
    END IF;
    class_id := found.id;
    days := CASE WHEN at_the_minimum THEN found.minimum_days ELSE found.keep_days END;
    instant := least(at, compliance_now());
    cutoff := instant - make_interval(hours => 24 * days);
END $$;
"""


class Migration(migrations.Migration):
    dependencies = [
        ("compliance", "0041_requests_and_retention"),
        ("config", "0003_purging_is_no_change"),
    ]

    operations = [
        forbid_changes("compliance_datarequestevent"),
        forbid_changes("compliance_correction"),
        forbid_changes("compliance_purgerun"),
        migrations.RunSQL(REQUEST_WALL, NO_REQUEST_WALL),
        migrations.RunSQL(HOLDS_STAY, NO_HOLDS_STAY),
        migrations.RunSQL(BOUNDS_STAY, NO_BOUNDS_STAY),
        migrations.RunSQL(SPAN, "DROP FUNCTION retention_span(text, timestamptz, boolean);"),
    ]
