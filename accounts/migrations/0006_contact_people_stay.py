"""Who was named, how and by whom is never rewritten, and a refusal of contact is for ever.

The sealed number alone may change: it is sealed anew when keys are. A row with a refusal is not deleted either:
without it the same number could be named and called again.
"""

from django.db import migrations

STAY = """
CREATE FUNCTION accounts_contact_person_stays() RETURNS trigger LANGUAGE plpgsql AS $$
BEGIN
    IF TG_OP = 'DELETE' THEN
        IF OLD.refused_at IS NOT NULL THEN
            RAISE EXCEPTION 'who refused contact is remembered for ever' USING ERRCODE = '42501';
        END IF;
        RETURN OLD;
    END IF;
    IF (NEW.customer_id, NEW.role, NEW.name, NEW.relation, NEW.number_index, NEW.number_masked, NEW.country,
        NEW.origin, NEW.guarantee_reference, NEW.named_at, NEW.entered_at, NEW.entered_by_id)
        IS DISTINCT FROM (OLD.customer_id, OLD.role, OLD.name, OLD.relation, OLD.number_index, OLD.number_masked,
        OLD.country, OLD.origin, OLD.guarantee_reference, OLD.named_at, OLD.entered_at, OLD.entered_by_id) THEN
        RAISE EXCEPTION 'a contact person is withdrawn and named anew, never rewritten' USING ERRCODE = '42501';
    END IF;
    IF OLD.withdrawn_at IS NOT NULL AND (NEW.withdrawn_at, NEW.withdrawn_by_id)
        IS DISTINCT FROM (OLD.withdrawn_at, OLD.withdrawn_by_id) THEN
        RAISE EXCEPTION 'a contact person is withdrawn once' USING ERRCODE = '42501';
    END IF;
    IF OLD.refused_at IS NOT NULL AND (NEW.refused_at, NEW.refused_by_id)
        IS DISTINCT FROM (OLD.refused_at, OLD.refused_by_id) THEN
        RAISE EXCEPTION 'a refusal of contact is for ever' USING ERRCODE = '42501';
    END IF;
    RETURN NEW;
END $$;

CREATE TRIGGER accounts_contact_person_stays BEFORE UPDATE OR DELETE ON accounts_contactperson
FOR EACH ROW EXECUTE FUNCTION accounts_contact_person_stays();
"""


class Migration(migrations.Migration):
    dependencies = [("accounts", "0005_contact_people")]

    operations = [
        migrations.RunSQL(
            STAY,
            "DROP TRIGGER accounts_contact_person_stays ON accounts_contactperson;"
            " DROP FUNCTION accounts_contact_person_stays();",
        )
    ]
