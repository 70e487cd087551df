from django.db import migrations

from config.ledger import forbid_changes


class Migration(migrations.Migration):
    dependencies = [("visits", "0003_break_off"), ("config", "0001_initial")]

    operations = [forbid_changes("visits_breakoff")]
