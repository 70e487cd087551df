"""The pages on personal data, below /admin/privacy/."""

from django.contrib import admin
from django.urls import path

from config.desk.privacy import exports, home

closed = admin.site.admin_view

urlpatterns = [
    path("", closed(home.home), name="privacy"),
    path("exports/", closed(exports.exports), name="exports"),
]
