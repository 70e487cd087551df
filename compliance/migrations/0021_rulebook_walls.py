"""The database's own walls around the rule book: nothing looser than its limit, nobody alone, nothing changed afterwards.

`compliance_rulelimit` is written by the owner (`migrate`) from the packaged book; the application may only read it.
"""

from django.db import migrations

from config.ledger import forbid_changes

AMENDMENT_WALL = """
CREATE FUNCTION compliance_amendment_wall() RETURNS trigger LANGUAGE plpgsql AS $$
DECLARE
    bound record;
    chosen bigint;
BEGIN
    IF TG_OP = 'DELETE' OR TG_OP = 'TRUNCATE' THEN
        RAISE EXCEPTION 'amendments of rules are superseded, never deleted' USING ERRCODE = '42501';
    END IF;
    IF TG_OP = 'UPDATE' THEN
        IF OLD.status <> 'PROPOSED' OR (NEW.rule, NEW.number, NEW.settings, NEW.reason, NEW.proposed_at,
            NEW.proposed_by_id) IS DISTINCT FROM (OLD.rule, OLD.number, OLD.settings, OLD.reason, OLD.proposed_at,
            OLD.proposed_by_id) THEN
            RAISE EXCEPTION 'an amendment is decided once and never rewritten' USING ERRCODE = '42501';
        END IF;
        IF NEW.effective_from < OLD.effective_from THEN
            RAISE EXCEPTION 'an amendment comes into force when it was proposed to, or later' USING ERRCODE = '42501';
        END IF;
    ELSIF NEW.status <> 'PROPOSED' THEN
        RAISE EXCEPTION 'an amendment is proposed by one person and decided by another'
            USING ERRCODE = 'check_violation', CONSTRAINT = 'amendment_is_proposed_first';
    END IF;
    IF (SELECT count(*) FROM compliance_rulelimit WHERE rule = NEW.rule)
        <> (SELECT count(*) FROM jsonb_object_keys(NEW.settings))
        OR NOT EXISTS (SELECT 1 FROM compliance_rulelimit WHERE rule = NEW.rule) THEN
        RAISE EXCEPTION 'amendment of %: name every setting of the rule and no other', NEW.rule
            USING ERRCODE = 'check_violation', CONSTRAINT = 'amendment_names_every_setting';
    END IF;
    FOR bound IN SELECT * FROM compliance_rulelimit WHERE rule = NEW.rule LOOP
        IF NOT NEW.settings ? bound.setting OR jsonb_typeof(NEW.settings -> bound.setting) <> 'number' THEN
            RAISE EXCEPTION 'amendment of %: % is missing or no number', NEW.rule, bound.setting
                USING ERRCODE = 'check_violation', CONSTRAINT = 'amendment_names_every_setting';
        END IF;
        chosen := (NEW.settings ->> bound.setting)::bigint;
        IF (chosen - bound.loosest) * bound.direction < 0 THEN
            RAISE EXCEPTION 'amendment of %: % is %, looser than the limit %', NEW.rule, bound.setting, chosen,
                bound.loosest USING ERRCODE = 'check_violation', CONSTRAINT = 'amendment_only_tightens';
        END IF;
        IF chosen < bound.least OR chosen > bound.most THEN
            RAISE EXCEPTION 'amendment of %: % is %, outside % to %', NEW.rule, bound.setting, chosen, bound.least,
                bound.most USING ERRCODE = 'check_violation', CONSTRAINT = 'amendment_is_within_bounds';
        END IF;
    END LOOP;
    RETURN NEW;
END $$;

CREATE TRIGGER compliance_amendment_wall BEFORE INSERT OR UPDATE OR DELETE ON compliance_ruleamendment
FOR EACH ROW EXECUTE FUNCTION compliance_amendment_wall();
CREATE TRIGGER compliance_amendments_are_not_emptied BEFORE TRUNCATE ON compliance_ruleamendment
FOR EACH STATEMENT EXECUTE FUNCTION compliance_amendment_wall();
"""

NO_AMENDMENT_WALL = """
DROP TRIGGER compliance_amendments_are_not_emptied ON compliance_ruleamendment;
DROP TRIGGER compliance_amendment_wall ON compliance_ruleamendment;
DROP FUNCTION compliance_amendment_wall();
"""

OVERRIDE_WALL = """
CREATE FUNCTION compliance_override_wall() RETURNS trigger LANGUAGE plpgsql AS $$
DECLARE
    asked record;
    without_override text;
BEGIN
    IF TG_OP = 'DELETE' OR TG_OP = 'TRUNCATE' THEN
        RAISE EXCEPTION 'overrides run out, they are never deleted' USING ERRCODE = '42501';
    END IF;
    IF TG_OP = 'UPDATE' AND (OLD.status <> 'REQUESTED' OR (NEW.id, NEW.customer_id, NEW.refusal_id, NEW.channel,
        NEW.rules, NEW.reason_code, NEW.reason, NEW.requested_at, NEW.requested_by_id) IS DISTINCT FROM (OLD.id,
        OLD.customer_id, OLD.refusal_id, OLD.channel, OLD.rules, OLD.reason_code, OLD.reason, OLD.requested_at,
        OLD.requested_by_id)) THEN
        RAISE EXCEPTION 'an override is decided once and never rewritten' USING ERRCODE = '42501';
    END IF;
    IF TG_OP = 'INSERT' AND NEW.status <> 'REQUESTED' THEN
        RAISE EXCEPTION 'an override is requested by one person and decided by another'
            USING ERRCODE = 'check_violation', CONSTRAINT = 'override_is_requested_first';
    END IF;
    SELECT customer_id, channel, reasons INTO asked FROM compliance_refusal WHERE id = NEW.refusal_id;
    IF asked.customer_id IS DISTINCT FROM NEW.customer_id OR asked.channel IS DISTINCT FROM NEW.channel THEN
        RAISE EXCEPTION 'override %: its refusal is of another customer or channel', NEW.id
            USING ERRCODE = 'check_violation', CONSTRAINT = 'override_answers_its_refusal';
    END IF;
    SELECT rule INTO without_override FROM unnest(NEW.rules) AS named(rule)
    WHERE EXISTS (SELECT 1 FROM compliance_rulelimit l WHERE l.rule = named.rule AND l.setting = 'decision' AND l.loosest >= 4)
        OR NOT EXISTS (
            SELECT 1 FROM jsonb_array_elements(asked.reasons) AS hit
            WHERE hit ->> 'rule' = named.rule AND (hit ->> 'decision')::int BETWEEN 2 AND 3
        )
    LIMIT 1;
    IF without_override IS NOT NULL THEN
        RAISE EXCEPTION 'override %: rule % has no override here', NEW.id, without_override
            USING ERRCODE = 'check_violation', CONSTRAINT = 'override_of_a_rule_that_has_one';
    END IF;
    RETURN NEW;
END $$;

CREATE TRIGGER compliance_override_wall BEFORE INSERT OR UPDATE OR DELETE ON compliance_override
FOR EACH ROW EXECUTE FUNCTION compliance_override_wall();
CREATE TRIGGER compliance_overrides_are_not_emptied BEFORE TRUNCATE ON compliance_override
FOR EACH STATEMENT EXECUTE FUNCTION compliance_override_wall();

CREATE FUNCTION compliance_override_use_wall() RETURNS trigger LANGUAGE plpgsql AS $$
DECLARE
    granted record;
    cleared record;
BEGIN
    SELECT * INTO granted FROM compliance_override WHERE id = NEW.override_id FOR UPDATE;
    SELECT * INTO cleared FROM compliance_clearance WHERE id = NEW.clearance_id;
    IF granted.status IS DISTINCT FROM 'APPROVED' OR granted.customer_id IS DISTINCT FROM cleared.customer_id
        OR granted.channel IS DISTINCT FROM cleared.channel OR NEW.purpose IS DISTINCT FROM cleared.purpose
        OR cleared.at >= granted.valid_until THEN
        RAISE EXCEPTION 'override % does not serve clearance %', NEW.override_id, NEW.clearance_id
            USING ERRCODE = 'check_violation', CONSTRAINT = 'override_serves_its_own_contact';
    END IF;
    IF granted.channel <> 'VISIT' AND EXISTS (
        SELECT 1 FROM compliance_overrideuse WHERE override_id = NEW.override_id) THEN
        RAISE EXCEPTION 'override % was used before', NEW.override_id
            USING ERRCODE = 'unique_violation', CONSTRAINT = 'override_is_used_once';
    END IF;
    RETURN NEW;
END $$;

CREATE TRIGGER compliance_override_use_wall BEFORE INSERT ON compliance_overrideuse
FOR EACH ROW EXECUTE FUNCTION compliance_override_use_wall();
"""

NO_OVERRIDE_WALL = """
DROP TRIGGER compliance_override_use_wall ON compliance_overrideuse;
DROP FUNCTION compliance_override_use_wall();
DROP TRIGGER compliance_overrides_are_not_emptied ON compliance_override;
DROP TRIGGER compliance_override_wall ON compliance_override;
DROP FUNCTION compliance_override_wall();
"""

QUIET_HOURS_STAY = """
CREATE FUNCTION compliance_quiet_hours_stay() RETURNS trigger LANGUAGE plpgsql AS $$
BEGIN
    IF TG_OP = 'DELETE' OR TG_OP = 'TRUNCATE' THEN
        RAISE EXCEPTION 'quiet hours are lifted, never deleted' USING ERRCODE = '42501';
    END IF;
    IF OLD.lifted_at IS NOT NULL OR (NEW.customer_id, NEW.weekday, NEW.starts, NEW.ends, NEW.entered_at,
        NEW.entered_by_id) IS DISTINCT FROM (OLD.customer_id, OLD.weekday, OLD.starts, OLD.ends, OLD.entered_at,
        OLD.entered_by_id) THEN
        RAISE EXCEPTION 'quiet hours can only be lifted, once' USING ERRCODE = '42501';
    END IF;
    RETURN NEW;
END $$;

CREATE TRIGGER compliance_quiet_hours_stay BEFORE UPDATE OR DELETE ON compliance_quiethours
FOR EACH ROW EXECUTE FUNCTION compliance_quiet_hours_stay();
CREATE TRIGGER compliance_quiet_hours_are_not_emptied BEFORE TRUNCATE ON compliance_quiethours
FOR EACH STATEMENT EXECUTE FUNCTION compliance_quiet_hours_stay();
"""

NO_QUIET_HOURS_WALL = """
DROP TRIGGER compliance_quiet_hours_are_not_emptied ON compliance_quiethours;
DROP TRIGGER compliance_quiet_hours_stay ON compliance_quiethours;
DROP FUNCTION compliance_quiet_hours_stay();
"""

# As in 0002, and: the contact is for whom its clearance was given.
CONTACT_WALL = """
CREATE OR REPLACE FUNCTION compliance_contact_wall() RETURNS trigger LANGUAGE plpgsql AS $$
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
    SELECT expires_at, party INTO permit FROM compliance_clearance WHERE id = NEW.clearance_id;
    IF permit.expires_at IS NULL OR instant >= permit.expires_at THEN
        RAISE EXCEPTION 'contact refused: clearance % has expired', NEW.clearance_id
            USING ERRCODE = 'check_violation', CONSTRAINT = 'contact_with_live_clearance';
    END IF;
    IF permit.party IS DISTINCT FROM NEW.party THEN
        RAISE EXCEPTION 'contact refused: clearance % is for %', NEW.clearance_id, permit.party
            USING ERRCODE = 'check_violation', CONSTRAINT = 'contact_for_its_own_party';
    END IF;
    RETURN NEW;
END $$;
"""


class Migration(migrations.Migration):
    dependencies = [("compliance", "0020_rulebook"), ("config", "0001_initial")]

    operations = [
        migrations.RunSQL(AMENDMENT_WALL, NO_AMENDMENT_WALL),
        migrations.RunSQL(OVERRIDE_WALL, NO_OVERRIDE_WALL),
        migrations.RunSQL(QUIET_HOURS_STAY, NO_QUIET_HOURS_WALL),
        migrations.RunSQL(CONTACT_WALL, migrations.RunSQL.noop),
        forbid_changes("compliance_policysnapshot"),
        forbid_changes("compliance_overrideuse"),
    ]
