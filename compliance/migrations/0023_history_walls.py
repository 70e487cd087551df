from django.db import migrations

from config.history import only_triggers_write


class Migration(migrations.Migration):
    dependencies = [("compliance", "0022_history"), ("config", "0002_history")]

    operations = [
        *only_triggers_write("compliance_arearestrictionhistory"),
        *only_triggers_write("compliance_holidayhistory"),
        *only_triggers_write("compliance_holidayyearhistory"),
        *only_triggers_write("compliance_legalsourcehistory"),
        *only_triggers_write("compliance_overridehistory"),
        *only_triggers_write("compliance_quiethourshistory"),
        *only_triggers_write("compliance_restrictionhistory"),
        *only_triggers_write("compliance_ruleamendmenthistory"),
    ]
