"""The database's own walls around restrictions: lifted once, reviewed ever later, continued as often as the kind allows,
and otherwise never touched. What each of them stopped is a ledger.

The numbers of continuations are frozen here: a test compares them with `compliance.special_care`.
"""

from django.db import migrations

from config.ledger import forbid_changes

CONTINUED_AT_MOST = {"HOSPITAL": 1, "DISASTER": 1}

# Whatever columns a later migration adds are protected by the same comparison.
RESTRICTIONS_STAY = """
CREATE OR REPLACE FUNCTION compliance_restriction_stays() RETURNS trigger LANGUAGE plpgsql AS $$
DECLARE
    may_change text[] := ARRAY['lifted_at', 'lifted_by_id', 'review_on'];
BEGIN
    IF TG_OP = 'DELETE' OR TG_OP = 'TRUNCATE' THEN
        RAISE EXCEPTION 'restrictions are lifted, never deleted' USING ERRCODE = '42501';
    END IF;
    IF OLD.lifted_at IS NOT NULL OR to_jsonb(NEW) - may_change IS DISTINCT FROM to_jsonb(OLD) - may_change THEN
        RAISE EXCEPTION 'a restriction can only be lifted, once' USING ERRCODE = '42501';
    END IF;
    IF NEW.review_on IS DISTINCT FROM OLD.review_on AND (NEW.review_on IS NULL OR NEW.review_on < OLD.review_on) THEN
        RAISE EXCEPTION 'the review of a restriction is only ever put later' USING ERRCODE = '42501';
    END IF;
    RETURN NEW;
END $$;
"""
AS_IT_WAS = """
CREATE OR REPLACE FUNCTION compliance_restriction_stays() RETURNS trigger LANGUAGE plpgsql AS $$
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
"""

RESTRICTIONS_CONTINUE = f"""
CREATE FUNCTION compliance_restriction_continues() RETURNS trigger LANGUAGE plpgsql AS $$
DECLARE
    earlier compliance_restriction;
    times integer := 1;
BEGIN
    SELECT * INTO earlier FROM compliance_restriction WHERE id = NEW.extended_from_id FOR UPDATE;
    IF (earlier.customer_id, earlier.kind, earlier.channels, earlier.ends_at)
        IS DISTINCT FROM (NEW.customer_id, NEW.kind, NEW.channels, NEW.starts_at) OR earlier.lifted_at IS NOT NULL THEN
        RAISE EXCEPTION 'restriction % is not continued by another kind, customer or time', NEW.extended_from_id
            USING ERRCODE = 'check_violation', CONSTRAINT = 'restriction_continues_its_own';
    END IF;
    WHILE earlier.extended_from_id IS NOT NULL LOOP
        times := times + 1;
        SELECT * INTO earlier FROM compliance_restriction WHERE id = earlier.extended_from_id;
    END LOOP;
    IF times > (CASE NEW.kind
        {" ".join(f"WHEN '{kind}' THEN {most}" for kind, most in CONTINUED_AT_MOST.items())} ELSE 0 END) THEN
        RAISE EXCEPTION 'a restriction of the kind % is not continued % times', NEW.kind, times
            USING ERRCODE = 'check_violation', CONSTRAINT = 'restriction_continued_too_often';
    END IF;
    RETURN NEW;
END $$;

CREATE TRIGGER compliance_restriction_continues BEFORE INSERT ON compliance_restriction
FOR EACH ROW WHEN (NEW.extended_from_id IS NOT NULL) EXECUTE FUNCTION compliance_restriction_continues();
"""

AREAS_STAY = """
CREATE FUNCTION compliance_area_restriction_stays() RETURNS trigger LANGUAGE plpgsql AS $$
DECLARE
    may_change text[] := ARRAY['lifted_at', 'lifted_by_id'];
BEGIN
    IF TG_OP = 'DELETE' OR TG_OP = 'TRUNCATE' THEN
        RAISE EXCEPTION 'restrictions are lifted, never deleted' USING ERRCODE = '42501';
    END IF;
    IF OLD.lifted_at IS NOT NULL OR to_jsonb(NEW) - may_change IS DISTINCT FROM to_jsonb(OLD) - may_change THEN
        RAISE EXCEPTION 'a restriction can only be lifted, once' USING ERRCODE = '42501';
    END IF;
    RETURN NEW;
END $$;

CREATE TRIGGER compliance_area_restriction_stays BEFORE UPDATE OR DELETE ON compliance_arearestriction
FOR EACH ROW EXECUTE FUNCTION compliance_area_restriction_stays();
CREATE TRIGGER compliance_area_restriction_is_not_emptied BEFORE TRUNCATE ON compliance_arearestriction
FOR EACH STATEMENT EXECUTE FUNCTION compliance_area_restriction_stays();
"""


class Migration(migrations.Migration):
    dependencies = [("compliance", "0008_special_care"), ("config", "0001_initial")]

    operations = [
        migrations.RunSQL(RESTRICTIONS_STAY, AS_IT_WAS),
        migrations.RunSQL(
            RESTRICTIONS_CONTINUE,
            "DROP TRIGGER compliance_restriction_continues ON compliance_restriction;"
            " DROP FUNCTION compliance_restriction_continues();",
        ),
        migrations.RunSQL(
            AREAS_STAY,
            "DROP TRIGGER compliance_area_restriction_is_not_emptied ON compliance_arearestriction;"
            " DROP TRIGGER compliance_area_restriction_stays ON compliance_arearestriction;"
            " DROP FUNCTION compliance_area_restriction_stays();",
        ),
        forbid_changes("compliance_restrictionreview"),
        forbid_changes("compliance_stoppage"),
    ]
