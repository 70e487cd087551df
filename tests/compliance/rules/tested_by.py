"""Write `compliance/rules/tested_by.json`: `python -m tests.compliance.rules.tested_by`."""

import json
from pathlib import Path

import compliance.rules
from tests.compliance.rules.boundaries import BOUNDARIES

TESTED_BY = Path(compliance.rules.__file__).with_name("tested_by.json")

if __name__ == "__main__":
    names = {rule: [case.name for case in cases] for rule, cases in BOUNDARIES.items()}
    TESTED_BY.write_text(json.dumps(names, indent=1, ensure_ascii=False) + "\n", encoding="utf-8")
