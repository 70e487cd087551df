from django.contrib import admin

from compliance.models import (
    AreaRestrictionHistory,
    HolidayHistory,
    HolidayYearHistory,
    LegalSourceHistory,
    OverrideHistory,
    QuietHoursHistory,
    RestrictionHistory,
    RuleAmendmentHistory,
)
from config.history_admin import HistoryAdmin

admin.site.register(
    [
        AreaRestrictionHistory,
        HolidayHistory,
        HolidayYearHistory,
        LegalSourceHistory,
        OverrideHistory,
        QuietHoursHistory,
        RestrictionHistory,
        RuleAmendmentHistory,
    ],
    HistoryAdmin,
)
