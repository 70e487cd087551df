"""The database's own walls at the door: two different factors, no talk about the debt with somebody unconfirmed, no
entry without this visit's own consent; and what was written down stays.
"""

from django.db import migrations

from config.ledger import forbid_changes

# Frozen here as they were when this migration was written.
FACTORS = (
    "FULL_NAME",
    "IDENTITY_LAST_FOUR",
    "BIRTH_DATE",
    "IDENTITY_DOCUMENT",
    "PHONE_LAST_FOUR",
    "REGISTERED_ADDRESS",
)
ABOUT_THE_DEBT = (
    "PAID_CLAIMED",
    "PROMISE",
    "PLAN_REQUEST",
    "THIRD_PARTY_PAYS",
    "HARDSHIP",
    "DISPUTE",
    "REFUSES_TO_PAY",
)

DIFFERENT_FACTORS = f"""
ALTER TABLE visits_identityconfirmation
ADD CONSTRAINT factors_are_different
CHECK (cardinality(factors) = {" + ".join(f"('{one}' = ANY (factors))::int" for one in FACTORS)});
"""
NO_DIFFERENT_FACTORS = "ALTER TABLE visits_identityconfirmation DROP CONSTRAINT factors_are_different;"

RECORD_WALL = f"""
CREATE FUNCTION visits_record_wall() RETURNS trigger LANGUAGE plpgsql AS $$
BEGIN
    IF NEW.party IN ('DEBTOR', 'GUARANTOR') AND NEW.result IN {ABOUT_THE_DEBT} AND NOT EXISTS (
        SELECT 1 FROM visits_identityconfirmation WHERE visit_id = NEW.visit_id AND party = NEW.party
    ) THEN
        RAISE EXCEPTION 'nobody was confirmed as % on visit %', NEW.party, NEW.visit_id
            USING ERRCODE = 'check_violation', CONSTRAINT = 'talk_of_the_debt_is_with_who_owes';
    END IF;
    IF NEW.entry_consent_id IS NOT NULL AND NOT EXISTS (
        SELECT 1 FROM visits_consent
        WHERE id = NEW.entry_consent_id AND visit_id = NEW.visit_id AND kind = 'ENTRY' AND answer = 'GIVEN'
    ) THEN
        RAISE EXCEPTION 'no consent to enter on visit %', NEW.visit_id
            USING ERRCODE = 'check_violation', CONSTRAINT = 'entry_by_consent_of_this_visit';
    END IF;
    RETURN NEW;
END $$;

CREATE TRIGGER visits_record_wall BEFORE INSERT ON visits_record
FOR EACH ROW EXECUTE FUNCTION visits_record_wall();
"""
NO_RECORD_WALL = "DROP TRIGGER visits_record_wall ON visits_record; DROP FUNCTION visits_record_wall();"

EVIDENCE = (
    "visits_identityconfirmation",
    "visits_consent",
    "visits_overrunalert",
    "visits_overrun",
    "visits_endofoverrun",
)


class Migration(migrations.Migration):
    dependencies = [("visits", "0007_door"), ("config", "0001_initial")]

    operations = [
        migrations.RunSQL(DIFFERENT_FACTORS, NO_DIFFERENT_FACTORS),
        migrations.RunSQL(RECORD_WALL, NO_RECORD_WALL),
        *(forbid_changes(table) for table in EVIDENCE),
    ]
