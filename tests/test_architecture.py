"""The architecture page as tests: what would otherwise be kept by good manners alone."""

import ast
import re
import subprocess
import sys
import tomllib
from functools import cache
from pathlib import Path

import pytest
from django.apps import apps
from django.conf import settings
from django.contrib import admin
from django.core.management import call_command
from django.db import connection
from django.db.models import CheckConstraint, Q

from config.celery import app as celery
from config.history import History
from config.ledger import Ledger

PROJECT = Path(settings.BASE_DIR)
PACKAGES = ("config", "accounts", "risk", "compliance", "visits", "followups")
MODELS = [model for model in apps.get_models() if model.__module__.split(".")[0] in PACKAGES]
LEDGERS = [model for model in MODELS if issubclass(model, Ledger)]

# Where the clock is read: the edges, and what stands in for somebody outside.
EDGES = re.compile(
    r"/(api|admin|desk|public)(/.+)?\.py$|/(api|admin|tasks|health)\.py$|/management/commands/\w+\.py$"
)
READS_THE_CLOCK_TOO = {
    "config/embedded/": "the supervisor of the programs is nobody's domain code",
    "config/play/": "the agents of the demonstration wear watches",
    "visits/devices.py": "authentication of the API happens before its views",
    "followups/gateways.py": "the stand-in for a provider outside",
}
CLOCKS = {"now", "today", "utcnow", "localtime", "localdate", "time", "time_ns"}
CLOCK_OWNERS = {"timezone", "datetime", "date", "time"}


@cache
def sources():
    """Path below the project and syntax tree of every file of the product."""
    paths = [path for package in PACKAGES for path in sorted((PROJECT / package).rglob("*.py"))]
    return {
        str(path.relative_to(PROJECT)): ast.parse(path.read_text(encoding="utf-8"))
        for path in paths
        if "migrations" not in path.parts
    }


def every(kind):
    return (
        (path, node) for path, tree in sources().items() for node in ast.walk(tree) if isinstance(node, kind)
    )


def name_of(node):
    return node.attr if isinstance(node, ast.Attribute) else getattr(node, "id", "")


# The straight line


def test_the_straight_line_of_imports_holds():
    lint_imports = Path(sys.executable).with_name("lint-imports")

    answer = subprocess.run(
        [lint_imports, "--no-cache"], cwd=PROJECT, capture_output=True, text=True, check=False
    )

    assert answer.returncode == 0, answer.stdout


def test_every_module_has_its_place_in_the_line():
    contracts = tomllib.loads((PROJECT / "pyproject.toml").read_text())["tool"]["importlinter"]["contracts"]
    placed = {name.strip() for layer in contracts[0]["layers"] for name in layer.split(":")}
    modules = {f"config.{path.stem}" for path in (PROJECT / "config").iterdir() if is_module(path)}
    modules |= {package for package in PACKAGES if package != "config"}

    assert sorted(modules - placed) == []


def is_module(path):
    return (path.suffix == ".py" and path.stem != "__init__") or (
        (path / "__init__.py").is_file() and path.name != "migrations"
    )


def test_nothing_is_imported_inside_functions():
    found = [
        f"{path}:{inner.lineno}"
        for path, function in every(ast.FunctionDef)
        for inner in ast.walk(function)
        if isinstance(inner, ast.Import | ast.ImportFrom)
    ]

    assert found == []


ASK_THE_GATE = {
    "visits/planning/decide.py",
    "visits/setting_out.py",
    "followups/calls.py",
    "followups/letters.py",
    "followups/searching.py",
    "followups/sending.py",
}
ASKS = {"clearance", "clearances", "make_contact"}


def test_only_these_use_cases_ask_the_gate():
    asking = {
        path
        for path, node in every(ast.Attribute | ast.Name)
        if name_of(node) in ASKS and imports_the_gate(sources()[path]) and not path.startswith("compliance/")
    }

    assert asking == ASK_THE_GATE


def imports_the_gate(tree):
    return any(
        isinstance(node, ast.ImportFrom)
        and (node.module == "compliance.gate" or (node.module == "compliance" and "gate" in names(node)))
        for node in ast.walk(tree)
    )


def names(node):
    return {alias.name for alias in node.names}


# Time


def test_the_clock_is_read_at_the_edges_only():
    found = [
        f"{path}:{call.lineno}"
        for path, call in every(ast.Call)
        if reads_a_clock(call)
        and not EDGES.search(f"/{path}")
        and not path.startswith(tuple(READS_THE_CLOCK_TOO))
    ]

    assert found == []


def reads_a_clock(call):
    function = call.func
    owner = name_of(function.value) if isinstance(function, ast.Attribute) else ""
    converts = name_of(function) in {"localtime", "localdate"} and call.args
    return owner in CLOCK_OWNERS and name_of(function) in CLOCKS and not converts


def test_now_is_never_left_to_a_default():
    found = []
    for path, function in every(ast.FunctionDef):
        arguments = function.args
        positional = [*arguments.posonlyargs, *arguments.args]
        with_default = positional[len(positional) - len(arguments.defaults) :] if arguments.defaults else []
        with_default += [
            each for each, default in zip(arguments.kwonlyargs, arguments.kw_defaults, strict=True) if default
        ]
        found += [f"{path}:{each.lineno}" for each in with_default if each.arg == "now"]

    assert found == []


def test_deferred_work_is_a_column_never_an_eta():
    found = [
        f"{path}:{call.lineno}"
        for path, call in every(ast.Call)
        for keyword in call.keywords
        if keyword.arg in ("eta", "countdown")
    ]

    assert found == []


def test_every_tick_exists_and_is_dropped_rather_than_run_late():
    celery.loader.import_default_modules()

    for name, entry in settings.CELERY_BEAT_SCHEDULE.items():
        assert entry["task"] in celery.tasks, name
        assert entry["options"]["expires"] <= entry["schedule"], name


def test_no_task_is_forgotten_by_beat():
    celery.loader.import_default_modules()
    ours = {name for name in celery.tasks if name.split(".")[0] in PACKAGES}

    assert ours == {entry["task"] for entry in settings.CELERY_BEAT_SCHEDULE.values()}


# Ledgers and pairs


def test_there_are_ledgers():
    assert {"Clearance", "Refusal", "Contact", "VisitEvent", "SentMessage"} <= {it.__name__ for it in LEDGERS}


@pytest.mark.parametrize("model", LEDGERS, ids=lambda model: model._meta.label)
def test_the_database_itself_refuses_changes_of_a_ledger(db, model):
    table = model._meta.db_table
    with connection.cursor() as cursor:
        cursor.execute(
            "SELECT tgtype, tgenabled, tgfoid::regproc::text FROM pg_trigger WHERE tgname = %s AND tgrelid = %s::regclass",
            [f"{table}_is_a_ledger", table],
        )
        kind, enabled, function = cursor.fetchone()
        cursor.execute(
            "SELECT has_table_privilege(%s, 'INSERT'), has_table_privilege(%s, 'UPDATE'),"
            " has_table_privilege(%s, 'DELETE'), has_table_privilege(%s, 'TRUNCATE')",
            [table] * 4,
        )
        rights = cursor.fetchone()

    before, delete, update, truncate = 2, 8, 16, 32
    assert kind == before | delete | update | truncate
    assert enabled == "O"
    assert function == "refuse_ledger_change"
    assert rights == (True, False, False, False)


PAIRS = [
    (model, name, f"{name[:-3]}_by")
    for model in MODELS
    if not issubclass(model, History)  # copies of rows for which it was checked
    for name in (field.name for field in model._meta.concrete_fields)
    if name.endswith("_at") and f"{name[:-3]}_by" in {field.name for field in model._meta.concrete_fields}
]


@pytest.mark.parametrize(("model", "at", "by"), PAIRS, ids=lambda it: getattr(it, "__name__", it))
def test_when_and_by_whom_are_known_together(model, at, by):
    if not model._meta.get_field(at).null and not model._meta.get_field(by).null:
        return
    checks = [one.condition for one in model._meta.constraints if isinstance(one, CheckConstraint)]

    assert any({at, by} <= fields_of(check) for check in checks)


def fields_of(condition):
    found = set()
    for child in condition.children:
        found |= fields_of(child) if isinstance(child, Q) else {child[0].split("__")[0]}
    return found


# The surfaces

INSIDE_ANOTHER_PAGE = {
    inline.model for model_admin in admin.site._registry.values() for inline in model_admin.inlines
}


@pytest.mark.parametrize("model", MODELS, ids=lambda model: model._meta.label)
def test_every_model_is_looked_after_in_the_admin(model):
    assert model in admin.site._registry or model in INSIDE_ANOTHER_PAGE


@pytest.mark.parametrize("model", LEDGERS, ids=lambda model: model._meta.label)
def test_no_form_writes_a_ledger(rf, model):
    model_admin = admin.site._registry.get(model)
    if model_admin is None:
        pytest.skip("shown inside another page")
    request = rf.get("/")

    assert not model_admin.has_add_permission(request)
    assert not model_admin.has_change_permission(request)
    assert not model_admin.has_delete_permission(request)


INLINE = {
    "a script": re.compile(r"<script(?![^>]*\ssrc=)", re.IGNORECASE),
    "a style sheet": re.compile(r"<style\b", re.IGNORECASE),
    "a style attribute": re.compile(r"<[^>]*\sstyle\s*=", re.IGNORECASE),
    "an event handler": re.compile(r"<[^>]*\son[a-z]+\s*=", re.IGNORECASE),
    "a script's address": re.compile(r"""(href|src|action)\s*=\s*["']?\s*javascript:""", re.IGNORECASE),
    "somebody else's file": re.compile(
        r"""<(script|link|img)[^>]*(href|src)\s*=\s*["']?(https?:)?//""", re.IGNORECASE
    ),
}


def pages():
    for path in sorted((PROJECT / "templates").rglob("*.html")):
        yield str(path.relative_to(PROJECT)), path.read_text(encoding="utf-8")
    for path, node in every(ast.Constant):
        if isinstance(node.value, str) and "<" in node.value:
            yield f"{path}:{node.lineno}", node.value


@pytest.mark.parametrize("what", INLINE)
def test_pages_carry_nothing_the_browser_would_refuse(what):
    assert [where for where, text in pages() if INLINE[what].search(text)] == []


def test_the_patterns_find_what_they_are_for():
    samples = [
        "<script>alert(1)</script>",
        "<style>b{}</style>",
        '<b class="a" style="x">',
        '<b onclick="x()">',
        '<a href="javascript:x()">',
        '<script src="//cdn.example/x.js"></script>',
    ]

    for pattern, sample in zip(INLINE.values(), samples, strict=True):
        assert pattern.search(sample)
    assert not INLINE["a script"].search('<script type="module" src="/static/map.js"></script>')


# The database


def test_migrations_are_complete(db):
    call_command("makemigrations", check=True, dry_run=True, verbosity=0)
