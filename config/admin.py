from django.contrib import admin
from django.utils.translation import gettext_lazy as _


class ZoufangAdminSite(admin.AdminSite):
    site_header = _("Zoufang")
