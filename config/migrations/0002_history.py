from django.db import migrations

# Inside the trigger of a tracked table the depth is one, in this one then two (config.history.only_triggers_write).
REFUSE_INVENTED_HISTORY = """
CREATE FUNCTION refuse_invented_history() RETURNS trigger LANGUAGE plpgsql AS $$
BEGIN
    IF pg_trigger_depth() < 2 THEN
        RAISE EXCEPTION '%: history is written by triggers only', TG_TABLE_NAME
            USING ERRCODE = '42501', TABLE = TG_TABLE_NAME;
    END IF;
    RETURN NULL;
END
$$;
"""


class Migration(migrations.Migration):
    dependencies = [("config", "0001_initial")]

    operations = [
        migrations.RunSQL(REFUSE_INVENTED_HISTORY, "DROP FUNCTION refuse_invented_history();"),
    ]
