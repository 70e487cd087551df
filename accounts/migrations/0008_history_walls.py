from django.db import migrations

from config.history import only_triggers_write


class Migration(migrations.Migration):
    dependencies = [("accounts", "0007_history"), ("config", "0002_history")]

    operations = [
        *only_triggers_write("accounts_branchhistory"),
        *only_triggers_write("accounts_userhistory"),
    ]
