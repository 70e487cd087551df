"""The database's own walls around a visit: cleared for the same customer, channel and purpose; moved only along the
table of transitions, by two people at least; and what was reported from the door stays as it was reported.
"""

from django.db import migrations

from config.ledger import forbid_changes

# Frozen here as it was when this migration was written; a test compares it with `Visit.TRANSITIONS`.
TRANSITIONS = (
    ("PROPOSED", "PLANNED"),
    ("PROPOSED", "CANCELLED"),
    ("PLANNED", "NOTIFIED"),
    ("PLANNED", "CANCELLED"),
    ("NOTIFIED", "UNDER_WAY"),
    ("NOTIFIED", "CANCELLED"),
    ("UNDER_WAY", "DONE"),
    ("UNDER_WAY", "ABORTED"),
)

OWN_CLEARANCES = """
ALTER TABLE visits_visit
ADD CONSTRAINT visit_planned_with_its_own_clearance
FOREIGN KEY (plan_clearance_id, customer_id, channel, plan_purpose)
REFERENCES compliance_clearance (id, customer_id, channel, purpose),
ADD CONSTRAINT visit_started_with_its_own_contact
FOREIGN KEY (start_contact_id, customer_id, channel, start_purpose)
REFERENCES compliance_contact (id, customer_id, channel, purpose),
ADD CONSTRAINT visit_of_its_case
FOREIGN KEY (case_id, customer_id) REFERENCES accounts_case (id, customer_id);
ALTER TABLE visits_teammember
ADD CONSTRAINT member_on_the_date_of_the_team
FOREIGN KEY (team_id, date) REFERENCES visits_team (id, date) ON DELETE CASCADE;
"""
NO_OWN_CLEARANCES = """
ALTER TABLE visits_teammember DROP CONSTRAINT member_on_the_date_of_the_team;
ALTER TABLE visits_visit
DROP CONSTRAINT visit_planned_with_its_own_clearance,
DROP CONSTRAINT visit_started_with_its_own_contact,
DROP CONSTRAINT visit_of_its_case;
"""

STATUS_WALL = f"""
CREATE FUNCTION visits_status_wall() RETURNS trigger LANGUAGE plpgsql AS $$
BEGIN
    IF TG_OP = 'INSERT' THEN
        IF NEW.status <> 'PROPOSED' THEN
            RAISE EXCEPTION 'a visit begins as a proposal, not as %', NEW.status
                USING ERRCODE = 'check_violation', CONSTRAINT = 'visit_begins_as_proposal';
        END IF;
        RETURN NEW;
    END IF;
    IF NEW.status = OLD.status THEN
        RETURN NEW;
    END IF;
    IF (OLD.status, NEW.status) NOT IN ({", ".join(map(str, TRANSITIONS))}) THEN
        RAISE EXCEPTION 'a visit does not go from % to %', OLD.status, NEW.status
            USING ERRCODE = 'check_violation', CONSTRAINT = 'visit_moves_along_the_table';
    END IF;
    IF NEW.status = 'UNDER_WAY'
       AND (SELECT count(*) FROM visits_teammember WHERE team_id = NEW.team_id) < 2 THEN
        RAISE EXCEPTION 'the team of visit % has fewer than two members', NEW.id
            USING ERRCODE = 'check_violation', CONSTRAINT = 'nobody_goes_alone';
    END IF;
    RETURN NEW;
END $$;

CREATE TRIGGER visits_status_wall BEFORE INSERT OR UPDATE ON visits_visit
FOR EACH ROW EXECUTE FUNCTION visits_status_wall();
"""
NO_STATUS_WALL = "DROP TRIGGER visits_status_wall ON visits_visit; DROP FUNCTION visits_status_wall();"

EVIDENCE = (
    "visits_visitevent",
    "visits_checkin",
    "visits_checkin_present",
    "visits_record",
    "visits_checkout",
    "visits_incident",
)


class Migration(migrations.Migration):
    dependencies = [
        ("visits", "0001_initial"),
        ("compliance", "0001_initial"),
        ("config", "0001_initial"),
    ]

    operations = [
        migrations.RunSQL(OWN_CLEARANCES, NO_OWN_CLEARANCES),
        migrations.RunSQL(STATUS_WALL, NO_STATUS_WALL),
        *(forbid_changes(table) for table in EVIDENCE),
    ]
