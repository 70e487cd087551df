"""The database's own wall before people who owe nothing: of this customer, to search, once, never after a no.

Whatever code or shell writes the contact. The gate says it nicely; this says it for good.
"""

from django.db import migrations

OF_CUSTOMER = """
ALTER TABLE compliance_contact ADD CONSTRAINT contact_person_of_customer
FOREIGN KEY (contact_person_id, customer_id) REFERENCES accounts_contactperson (id, customer_id);

CREATE INDEX contact_with_person ON compliance_contact (contact_person_id) WHERE contact_person_id IS NOT NULL;
"""

WALL = """
CREATE FUNCTION compliance_third_party_wall() RETURNS trigger LANGUAGE plpgsql AS $$
DECLARE
    person accounts_contactperson%ROWTYPE;
BEGIN
    SELECT * INTO person FROM accounts_contactperson WHERE id = NEW.contact_person_id FOR UPDATE;
    IF NEW.party <> (CASE person.role WHEN 'CONTACT' THEN 'CONTACT_PERSON' ELSE person.role END) THEN
        RAISE EXCEPTION 'contact refused: % is a %', person.id, person.role
            USING ERRCODE = 'check_violation', CONSTRAINT = 'contact_with_whom_it_is_for';
    END IF;
    IF person.withdrawn_at IS NOT NULL THEN
        RAISE EXCEPTION 'contact refused: % was withdrawn', person.id
            USING ERRCODE = 'check_violation', CONSTRAINT = 'contact_with_a_person_in_use';
    END IF;
    IF person.role = 'GUARANTOR' THEN
        RETURN NEW;
    END IF;
    IF NEW.purpose <> 'CONTACT_SEARCH' THEN
        RAISE EXCEPTION 'contact refused: a contact person is not contacted for %', NEW.purpose
            USING ERRCODE = 'check_violation', CONSTRAINT = 'contact_person_is_only_asked';
    END IF;
    IF EXISTS (SELECT FROM accounts_contactperson p
        WHERE p.number_index = person.number_index AND p.refused_at IS NOT NULL) THEN
        RAISE EXCEPTION 'contact refused: % wants no contact', person.id
            USING ERRCODE = 'check_violation', CONSTRAINT = 'contact_person_refused';
    END IF;
    IF EXISTS (SELECT FROM compliance_contact c LEFT JOIN compliance_contactoutcome o ON o.contact_id = c.id
        WHERE c.contact_person_id = person.id AND coalesce(o.party_reached, '') <> 'NOBODY') THEN
        RAISE EXCEPTION 'contact refused: % was asked already', person.id
            USING ERRCODE = 'check_violation', CONSTRAINT = 'contact_person_is_asked_once';
    END IF;
    RETURN NEW;
END $$;

CREATE TRIGGER compliance_third_party_wall BEFORE INSERT ON compliance_contact
FOR EACH ROW WHEN (NEW.contact_person_id IS NOT NULL) EXECUTE FUNCTION compliance_third_party_wall();
"""


class Migration(migrations.Migration):
    dependencies = [("compliance", "0033_forbidden_words_stay"), ("accounts", "0006_contact_people_stay")]

    operations = [
        migrations.RunSQL(
            OF_CUSTOMER,
            "DROP INDEX contact_with_person;"
            " ALTER TABLE compliance_contact DROP CONSTRAINT contact_person_of_customer;",
        ),
        migrations.RunSQL(
            WALL,
            "DROP TRIGGER compliance_third_party_wall ON compliance_contact;"
            " DROP FUNCTION compliance_third_party_wall();",
        ),
    ]
