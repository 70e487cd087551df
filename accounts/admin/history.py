from django.contrib import admin

from accounts.models import BranchHistory, UserHistory
from config.history_admin import HistoryAdmin

admin.site.register([BranchHistory, UserHistory], HistoryAdmin)
