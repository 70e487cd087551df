from django.db import migrations

from config.history import only_triggers_write


class Migration(migrations.Migration):
    dependencies = [("visits", "0005_history"), ("config", "0002_history")]

    operations = [
        *only_triggers_write("visits_planhistory"),
        *only_triggers_write("visits_shifthistory"),
        *only_triggers_write("visits_teamhistory"),
        *only_triggers_write("visits_teammemberhistory"),
    ]
