"""What the pages on personal data share."""

from typing import Any

from django.contrib import admin
from django.http import FileResponse, HttpRequest, HttpResponse
from django.shortcuts import render

from compliance.exporting.export import Exported


def page(request: HttpRequest, template: str, title: str, **context: Any) -> HttpResponse:
    return render(request, template, {**admin.site.each_context(request), "title": title, **context})


def handed_over(exported: Exported) -> FileResponse:
    """The file as a download; the hash goes along, so that the receiver can compare it."""
    answer = FileResponse(exported.file, as_attachment=True, filename=exported.name)
    answer["X-Content-SHA256"] = exported.export.sha256
    return answer
