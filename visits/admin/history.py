from django.contrib import admin

from config.history_admin import HistoryAdmin
from visits.models import PlanHistory, ShiftHistory, TeamHistory, TeamMemberHistory

admin.site.register([PlanHistory, ShiftHistory, TeamHistory, TeamMemberHistory], HistoryAdmin)
