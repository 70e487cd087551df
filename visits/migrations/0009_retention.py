"""Where phones were, what was noted at the door, and who tried to log in: none of it is kept for ever."""

from django.db import migrations

from compliance.retention.sql import Part, add_class, add_purge

INDEXES = """
CREATE INDEX checkin_with_place ON visits_checkin (received_at) WHERE latitude IS NOT NULL;
CREATE INDEX checkout_with_place ON visits_checkout (received_at) WHERE latitude IS NOT NULL;
CREATE INDEX record_with_notes ON visits_record (received_at) WHERE notes <> '';
CREATE INDEX incident_with_account ON visits_incident (received_at) WHERE account <> '';
CREATE INDEX attempt_by_time ON visits_loginattempt (at);
"""
NO_INDEXES = """
DROP INDEX checkin_with_place, checkout_with_place, record_with_notes, incident_with_account, attempt_by_time;
"""

OF_VISIT = {"join": "JOIN visits_visit v ON v.id = t.visit_id", "customer": "v.customer_id"}
PLACE = {
    "since": "t.received_at",
    "still": "t.latitude IS NOT NULL",
    "change": "latitude = NULL, longitude = NULL, accuracy_metres = NULL",
    **OF_VISIT,
}
WORDS = {"since": "t.received_at", "open_case_keeps": True, **OF_VISIT}


class Migration(migrations.Migration):
    dependencies = [("visits", "0008_door_walls"), ("compliance", "0044_complaint_words")]

    operations = [
        migrations.RunSQL(INDEXES, NO_INDEXES),
        add_class("location-traces", minimum=30, maximum=180, keep=180),
        add_class("visit-notes", minimum=730, maximum=3650, keep=1825),
        add_class("login-attempts", minimum=180, maximum=1095, keep=365),
        add_purge(
            "purge_location_traces",
            key="location-traces",
            parts=(Part("visits_checkin", **PLACE), Part("visits_checkout", **PLACE)),
        ),
        add_purge(
            "purge_visit_notes",
            key="visit-notes",
            parts=(
                Part("visits_record", still="t.notes <> ''", change="notes = ''", **WORDS),
                Part("visits_incident", still="t.account <> ''", change="account = ''", **WORDS),
            ),
        ),
        add_purge(
            "purge_login_attempts",
            key="login-attempts",
            parts=(Part("visits_loginattempt", since="t.at"),),
        ),
    ]
