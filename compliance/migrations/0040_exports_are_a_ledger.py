from django.db import migrations

from config.ledger import forbid_changes


class Migration(migrations.Migration):
    dependencies = [("compliance", "0039_exports"), ("config", "0001_initial")]

    operations = [forbid_changes("compliance_export")]
