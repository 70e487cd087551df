"""What goes of a customer whose cases are all closed and long past.

Who it was goes: name, numbers, addresses, income, people around the customer, what agents noted, where the papers of
restrictions are, and the bank's own references. What stays is what happened, under a number that leads to nobody;
and of a third party who refused contact the blind index of the number, so that it is never called again.
"""

from django.db import migrations

from compliance.retention.sql import add_class, define_purge, not_held

DUE = f"""
    SELECT c.id FROM accounts_customer c
    WHERE c.bank_number NOT LIKE 'erased-%' AND (whose IS NULL OR c.id = whose)
        AND (whose IS NOT NULL OR EXISTS (SELECT FROM accounts_case k WHERE k.customer_id = c.id))
        AND NOT EXISTS (
            SELECT FROM accounts_case k WHERE k.customer_id = c.id
            AND (k.status = 'OPEN' OR k.closed_at > span.cutoff)
        )
        AND NOT EXISTS (
            SELECT FROM compliance_datarequest r WHERE r.customer_id = c.id AND r.status <> 'DONE'
            AND r.id IS DISTINCT FROM request
        )
        AND {not_held("c.id")}
"""

STEPS = f"""
    IF dry THEN
        SELECT count(*) INTO gone FROM ({DUE}) AS found;
    ELSE
        ids := ARRAY({DUE} LIMIT most);
        UPDATE accounts_phone SET number_sealed = ''::bytea, number_index = uuid_send(id), number_masked = '',
            withdrawn_at = coalesce(withdrawn_at, span.instant)
        WHERE customer_id = ANY (ids);
        UPDATE accounts_address SET province = '', city = '', district = '', district_code = '', street = '',
            house_number = '', latitude = NULL, longitude = NULL, area_risk = '', access = ''
        WHERE customer_id = ANY (ids);
        PERFORM set_config('zoufang.purging', 'accounts_contactperson', true);
        DELETE FROM accounts_contactperson p WHERE p.customer_id = ANY (ids) AND p.refused_at IS NULL
            AND NOT EXISTS (SELECT FROM compliance_contact k WHERE k.contact_person_id = p.id);
        UPDATE accounts_contactperson SET name = '', number_sealed = ''::bytea, number_masked = '',
            relation = 'UNKNOWN', 
            guarantee_reference = CASE guarantee_reference WHEN '' THEN '' ELSE 'erased' END
        WHERE customer_id = ANY (ids);
        PERFORM set_config('zoufang.purging', 'compliance_restriction', true);
        UPDATE compliance_restriction SET evidence = '' WHERE customer_id = ANY (ids);
        DELETE FROM accounts_verification WHERE customer_id = ANY (ids);
        DELETE FROM risk_behaviourfacts WHERE customer_id = ANY (ids);
        UPDATE accounts_payment SET reference = 'erased-' || id WHERE account_id IN (
            SELECT a.id FROM accounts_account a WHERE a.customer_id = ANY (ids));
        UPDATE accounts_account SET reference = 'erased-' || translate(id::text, '-', '')
        WHERE customer_id = ANY (ids);
        PERFORM set_config('zoufang.purging', 'accounts_caseevent', true);
        UPDATE accounts_caseevent SET detail = detail - 'reference' WHERE detail ? 'reference' AND case_id IN (
            SELECT k.id FROM accounts_case k WHERE k.customer_id = ANY (ids));
        PERFORM set_config('zoufang.purging', 'risk_assessment', true);
        UPDATE risk_assessment SET facts = '{{}}', reasons = '[]'
        WHERE customer_id = ANY (ids);
        PERFORM set_config('zoufang.purging', '', true);
        UPDATE accounts_customer SET name = '', identity_number_sealed = NULL, identity_number_index = NULL,
            identity_number_masked = '', birth_date = NULL, time_zones = '{{}}', income_kind = '',
            monthly_income = NULL, other_lenders_overdue = NULL, has_collateral = NULL, hardship = '',
            bank_number = 'erased-' || translate(id::text, '-', ''), updated_at = span.instant
        WHERE id = ANY (ids);
        GET DIAGNOSTICS gone = ROW_COUNT;
    END IF;
"""


# Both tables keep their rows as they were written; erasing a customer is the one exception.
DOORS = """
DROP TRIGGER compliance_restriction_stays ON compliance_restriction;
CREATE TRIGGER compliance_restriction_stays BEFORE UPDATE OR DELETE ON compliance_restriction
FOR EACH ROW WHEN (NOT purging('compliance_restriction')) EXECUTE FUNCTION compliance_restriction_stays();
DROP TRIGGER accounts_contact_person_stays ON accounts_contactperson;
CREATE TRIGGER accounts_contact_person_stays BEFORE UPDATE OR DELETE ON accounts_contactperson
FOR EACH ROW WHEN (NOT purging('accounts_contactperson')) EXECUTE FUNCTION accounts_contact_person_stays();
"""
NO_DOORS = """
DROP TRIGGER compliance_restriction_stays ON compliance_restriction;
CREATE TRIGGER compliance_restriction_stays BEFORE UPDATE OR DELETE ON compliance_restriction
FOR EACH ROW EXECUTE FUNCTION compliance_restriction_stays();
DROP TRIGGER accounts_contact_person_stays ON accounts_contactperson;
CREATE TRIGGER accounts_contact_person_stays BEFORE UPDATE OR DELETE ON accounts_contactperson
FOR EACH ROW EXECUTE FUNCTION accounts_contact_person_stays();
"""


class Migration(migrations.Migration):
    dependencies = [
        ("compliance", "0042_requests_and_retention_walls"),
        ("accounts", "0006_contact_people_stay"),
        ("risk", "0001_initial"),
    ]

    operations = [
        migrations.RunSQL(
            "CREATE INDEX case_of_customer_by_closing ON accounts_case (customer_id, closed_at);",
            "DROP INDEX case_of_customer_by_closing;",
        ),
        migrations.RunSQL(DOORS, NO_DOORS),
        add_class("closed-customers", minimum=730, maximum=3650, keep=1825),
        define_purge("purge_closed_customers", key="closed-customers", steps=STEPS),
    ]
