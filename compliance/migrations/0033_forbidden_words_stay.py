"""A forbidden word of the bank is withdrawn, once, by a second person; it is never changed or deleted."""

from django.db import migrations

WORDS_STAY = """
CREATE FUNCTION compliance_forbidden_word_stays() RETURNS trigger LANGUAGE plpgsql AS $$
BEGIN
    IF TG_OP = 'DELETE' OR TG_OP = 'TRUNCATE' THEN
        RAISE EXCEPTION 'forbidden words are withdrawn, never deleted' USING ERRCODE = '42501';
    END IF;
    IF OLD.withdrawn_at IS NOT NULL OR (NEW.word, NEW.category, NEW.note, NEW.added_at, NEW.added_by_id)
        IS DISTINCT FROM (OLD.word, OLD.category, OLD.note, OLD.added_at, OLD.added_by_id) THEN
        RAISE EXCEPTION 'a forbidden word can only be withdrawn, once' USING ERRCODE = '42501';
    END IF;
    RETURN NEW;
END $$;

CREATE TRIGGER compliance_forbidden_word_stays BEFORE UPDATE OR DELETE ON compliance_forbiddenword
FOR EACH ROW EXECUTE FUNCTION compliance_forbidden_word_stays();
CREATE TRIGGER compliance_forbidden_words_are_not_emptied BEFORE TRUNCATE ON compliance_forbiddenword
FOR EACH STATEMENT EXECUTE FUNCTION compliance_forbidden_word_stays();
"""


class Migration(migrations.Migration):
    dependencies = [("compliance", "0032_forbidden_words")]

    operations = [
        migrations.RunSQL(
            WORDS_STAY,
            "DROP TRIGGER compliance_forbidden_words_are_not_emptied ON compliance_forbiddenword;"
            " DROP TRIGGER compliance_forbidden_word_stays ON compliance_forbiddenword;"
            " DROP FUNCTION compliance_forbidden_word_stays();",
        ),
    ]
