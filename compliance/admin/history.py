from django.contrib import admin

from compliance.models import HolidayHistory, HolidayYearHistory, RestrictionHistory
from config.history_admin import HistoryAdmin

admin.site.register([HolidayHistory, HolidayYearHistory, RestrictionHistory], HistoryAdmin)
