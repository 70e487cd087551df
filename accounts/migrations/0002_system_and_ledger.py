from django.contrib.auth.hashers import make_password
from django.db import migrations
from django.db.backends.base.schema import BaseDatabaseSchemaEditor
from django.db.migrations.state import StateApps

from config.ledger import forbid_changes


def create_system_user(apps: StateApps, schema_editor: BaseDatabaseSchemaEditor) -> None:
    apps.get_model("accounts", "User").objects.using(schema_editor.connection.alias).get_or_create(
        username="system",
        defaults={"role": "SYSTEM", "is_active": False, "password": make_password(None)},
    )


class Migration(migrations.Migration):
    dependencies = [("accounts", "0001_initial"), ("config", "0001_initial")]

    operations = [
        migrations.RunPython(create_system_user, migrations.RunPython.noop),
        forbid_changes("accounts_caseevent"),
    ]
