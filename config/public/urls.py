"""The customers' pages, included at /c/."""

from django.urls import path

from config.public import views

urlpatterns = [
    path("complaint/", views.complain, name="complaint"),
    path("complaint/<str:token>/", views.complaint_status, name="complaint-status"),
]
