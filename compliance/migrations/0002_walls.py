"""The database's own walls: no contact without its own clearance, none outside the window, no ledger changed.

`compliance_now()` is the clock of the walls. It is `clock_timestamp()`, not `now()`: a transaction begun at 20:59
must not pass at 21:10. The test databases replace this one function and nothing else.
"""

from django.db import migrations

from config.ledger import forbid_changes

CLOCK = """
CREATE FUNCTION compliance_now() RETURNS timestamptz
LANGUAGE sql VOLATILE AS 'SELECT clock_timestamp()';
"""

CONTACT_WALL = """
CREATE FUNCTION compliance_contact_wall() RETURNS trigger LANGUAGE plpgsql AS $$
DECLARE
    instant timestamptz := compliance_now();
    zones text[];
    zone text;
    local_time time;
    permit record;
BEGIN
    SELECT time_zones INTO zones FROM accounts_customer WHERE id = NEW.customer_id;
    IF zones IS NULL OR cardinality(zones) = 0 THEN
        RAISE EXCEPTION 'contact refused: the time zone of customer % is unknown', NEW.customer_id
            USING ERRCODE = 'check_violation', CONSTRAINT = 'contact_inside_window';
    END IF;
    FOREACH zone IN ARRAY zones LOOP
        local_time := (instant AT TIME ZONE zone)::time;
        IF local_time < time '08:00' OR local_time >= time '21:00' THEN
            RAISE EXCEPTION 'contact refused: it is % in %, contact is allowed in [08:00, 21:00)', local_time, zone
                USING ERRCODE = 'check_violation', CONSTRAINT = 'contact_inside_window';
        END IF;
    END LOOP;
    SELECT expires_at INTO permit FROM compliance_clearance WHERE id = NEW.clearance_id;
    IF permit.expires_at IS NULL OR instant >= permit.expires_at THEN
        RAISE EXCEPTION 'contact refused: clearance % has expired', NEW.clearance_id
            USING ERRCODE = 'check_violation', CONSTRAINT = 'contact_with_live_clearance';
    END IF;
    RETURN NEW;
END $$;

CREATE TRIGGER compliance_contact_wall BEFORE INSERT ON compliance_contact
FOR EACH ROW EXECUTE FUNCTION compliance_contact_wall();
"""

OWN_CLEARANCE = """
ALTER TABLE compliance_contact ADD CONSTRAINT contact_has_its_own_clearance
FOREIGN KEY (clearance_id, customer_id, channel, purpose)
REFERENCES compliance_clearance (id, customer_id, channel, purpose);
"""

RESTRICTIONS_STAY = """
CREATE FUNCTION compliance_restriction_stays() RETURNS trigger LANGUAGE plpgsql AS $$
BEGIN
    IF TG_OP = 'DELETE' OR TG_OP = 'TRUNCATE' THEN
        RAISE EXCEPTION 'restrictions are lifted, never deleted' USING ERRCODE = '42501';
    END IF;
    IF OLD.lifted_at IS NOT NULL OR (NEW.customer_id, NEW.kind, NEW.channels, NEW.starts_at, NEW.ends_at,
        NEW.evidence, NEW.entered_at, NEW.entered_by_id) IS DISTINCT FROM (OLD.customer_id, OLD.kind,
        OLD.channels, OLD.starts_at, OLD.ends_at, OLD.evidence, OLD.entered_at, OLD.entered_by_id) THEN
        RAISE EXCEPTION 'a restriction can only be lifted, once' USING ERRCODE = '42501';
    END IF;
    RETURN NEW;
END $$;

CREATE TRIGGER compliance_restriction_stays BEFORE UPDATE OR DELETE ON compliance_restriction
FOR EACH ROW EXECUTE FUNCTION compliance_restriction_stays();
CREATE TRIGGER compliance_restriction_is_not_emptied BEFORE TRUNCATE ON compliance_restriction
FOR EACH STATEMENT EXECUTE FUNCTION compliance_restriction_stays();
"""


class Migration(migrations.Migration):
    dependencies = [("compliance", "0001_initial"), ("config", "0001_initial")]

    operations = [
        migrations.RunSQL(CLOCK, "DROP FUNCTION compliance_now();"),
        migrations.RunSQL(
            OWN_CLEARANCE,
            "ALTER TABLE compliance_contact DROP CONSTRAINT contact_has_its_own_clearance;",
        ),
        migrations.RunSQL(
            CONTACT_WALL,
            "DROP TRIGGER compliance_contact_wall ON compliance_contact; DROP FUNCTION compliance_contact_wall();",
        ),
        migrations.RunSQL(
            RESTRICTIONS_STAY,
            "DROP TRIGGER compliance_restriction_is_not_emptied ON compliance_restriction;"
            " DROP TRIGGER compliance_restriction_stays ON compliance_restriction;"
            " DROP FUNCTION compliance_restriction_stays();",
        ),
        forbid_changes("compliance_clearance"),
        forbid_changes("compliance_refusal"),
        forbid_changes("compliance_contact"),
        forbid_changes("compliance_disclosure"),
    ]
