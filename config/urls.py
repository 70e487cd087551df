from django.contrib import admin
from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect
from django.urls import include, path

from config import health
from config.desk import urls as desk
from config.public import urls as public


def home(request: HttpRequest) -> HttpResponse:  # noqa: ARG001
    return redirect("admin:index")


urlpatterns = [
    path("", home, name="home"),
    path("livez", health.livez, name="livez"),
    path("readyz", health.readyz, name="readyz"),
    path("api/v1/", include("config.api")),
    path("c/", include(public)),
    path("language/", include("django.conf.urls.i18n")),
    path("admin/", include(desk)),
    path("admin/", admin.site.urls),
]
