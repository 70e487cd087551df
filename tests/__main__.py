# ruff: noqa: T201
"""`python -m tests`: every check of `make test`, one after the other, so that all failures are seen.

Runs on throw-away servers and secrets; neither `.run/` nor `.env` is touched or needed.
"""

import argparse
import subprocess
import sys
import time
from pathlib import Path

from tests import servers

PROJECT = Path(__file__).resolve().parent.parent
PYTHON = sys.executable
LINT_IMPORTS = Path(PYTHON).with_name("lint-imports")

LINT = [
    ("style", [PYTHON, "-m", "ruff", "check", "."]),
    ("format", [PYTHON, "-m", "ruff", "format", "--check", "."]),
    ("types", [PYTHON, "-m", "mypy", "."]),
    ("imports", [LINT_IMPORTS]),
]
DJANGO = [
    ("messages", [PYTHON, "manage.py", "messages", "--check"]),
    ("migrations", [PYTHON, "manage.py", "makemigrations", "--check", "--dry-run"]),
    (
        "API schema",
        [PYTHON, "manage.py", "spectacular", "--validate", "--fail-on-warn", "--file", "/dev/null"],
    ),
]
TESTS = [("tests", [PYTHON, "-m", "pytest", "-n", "auto", "--maxprocesses", "8", "--durations", "8"])]
GROUPS = {"lint": LINT, "django": DJANGO, "tests": TESTS}


def run(steps):
    """Run all steps. Returns those that failed."""
    failed = []
    for name, command in steps:
        print(f"\n=== {name}", flush=True)
        begun = time.monotonic()
        code = subprocess.run(command, cwd=PROJECT, check=False).returncode
        seconds = time.monotonic() - begun
        print(f"--- {name}: {'ok' if code == 0 else 'FAILED'} ({seconds:.1f} s)", flush=True)
        if code != 0:
            failed.append(name)
    return failed


def main():
    parser = argparse.ArgumentParser(prog="python -m tests")
    parser.add_argument("--only", choices=GROUPS, help="run this group of checks")
    only = parser.parse_args().only
    groups = [GROUPS[only]] if only else GROUPS.values()
    begun = time.monotonic()
    with servers.running():
        failed = run([step for group in groups for step in group])
    verdict = f"FAILED: {', '.join(failed)}" if failed else "All checks passed"
    print(f"\n{verdict} ({time.monotonic() - begun:.0f} s)")
    sys.exit(1 if failed else 0)


if __name__ == "__main__":
    main()
