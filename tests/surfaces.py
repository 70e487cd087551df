"""Every surface there is, found in the code itself, so that a new one cannot be forgotten."""

from django.contrib import admin
from django.core.management import get_commands
from django.test import RequestFactory
from django.urls import URLPattern, get_resolver
from rest_framework.views import APIView

from config.celery import app as celery
from config.desk import urls as desk
from config.public import urls as public

PACKAGES = ("config", "accounts", "risk", "compliance", "visits", "followups")


def _patterns(resolver):
    for pattern in resolver.url_patterns:
        if isinstance(pattern, URLPattern):
            yield pattern
        else:
            yield from _patterns(pattern)


def api_operations():
    """("POST", "check-in") for every method of every route of the API."""
    views = {pattern.name: pattern.callback.cls for pattern in _patterns(get_resolver("config.api"))}
    assert all(issubclass(view, APIView) for view in views.values())
    return sorted(
        (method.upper(), name)
        for name, view in views.items()
        for method in view.http_method_names
        if method != "options" and hasattr(view, method)
    )


def admin_actions(user):
    """(model admin, name) for every action that `user` is offered anywhere in the admin."""
    request = RequestFactory().get("/")
    request.user = user
    return sorted(
        ((it, name) for it in admin.site._registry.values() for name in it.get_actions(request)),
        key=lambda pair: (pair[0].opts.label, pair[1]),
    )


OF_DJANGO = {"index", "login", "logout", "password_change", "password_change_done", "autocomplete", "jsi18n"}
OF_DJANGO |= {"view_on_site", "app_list", "auth_user_password_change", None}


def own_pages():
    """The names of the pages that are not Django's own lists and forms."""
    lists_and_forms = {
        f"{model._meta.app_label}_{model._meta.model_name}_{page}"
        for model in admin.site._registry
        for page in ("changelist", "add", "history", "delete", "change")
    }
    names = {pattern.name for urls in (desk, public) for pattern in _patterns(get_resolver(urls))}
    for pattern in admin.site.urls[0]:
        names |= {pattern.name} if isinstance(pattern, URLPattern) else {it.name for it in _patterns(pattern)}
    return sorted(names - lists_and_forms - OF_DJANGO)


def tasks():
    celery.loader.import_default_modules()
    return sorted(name for name in celery.tasks if name.split(".")[0] in PACKAGES)


def commands():
    return sorted(name for name, package in get_commands().items() if package in PACKAGES)
