"""Gather every translatable string into the Chinese catalogue, without gettext installed on the machine.

`manage.py messages` updates `config/locale/zh_Hans/LC_MESSAGES/django.po` and compiles `django.mo`;
`--check` changes nothing and fails when a string is missing, untranslated, unused or not compiled.
"""

import ast
import io
import re
from argparse import ArgumentParser
from collections.abc import Iterator
from pathlib import Path
from typing import Any

from babel.messages.extract import extract
from django.conf import settings
from django.core.management.base import BaseCommand, CommandError
from django.utils.translation.template import templatize
from polib import POEntry, POFile, pofile

PACKAGES = ("config", "accounts", "risk", "compliance", "visits", "followups")
CATALOGUE = Path("config/locale/zh_Hans/LC_MESSAGES/django.po")
PLACEHOLDER = re.compile(r"%\(\w+\)[^a-zA-Z%]*[a-zA-Z]|%[sd]|\{\w*\}")

Arguments = tuple[int | tuple[int, str], ...] | None
Key = tuple[str, str, str]  # context, singular, plural

TAKES: dict[str, Arguments] = {
    "gettext": None,
    "ngettext": (1, 2),
    "pgettext": ((1, "c"), 2),
    "npgettext": ((1, "c"), 2, 3),
}
KEYWORDS = {"_": None, **{name + ending: TAKES[name] for name in TAKES for ending in ("", "_lazy", "_noop")}}


class Command(BaseCommand):
    help = "Gather translatable strings into the Chinese catalogue and compile it."
    requires_system_checks: list[str] = []

    def add_arguments(self, parser: ArgumentParser) -> None:
        parser.add_argument("--check", action="store_true", help="change nothing, fail when incomplete")

    def handle(self, *args: Any, check: bool, **options: Any) -> None:
        path = settings.BASE_DIR / CATALOGUE
        catalogue = pofile(str(path)) if path.is_file() else _new_catalogue()
        wanted = _strings_in_the_code(settings.BASE_DIR)
        if check:
            _complain(catalogue, wanted, compiled=path.with_suffix(".mo"))
            self.stdout.write(f"{len(wanted)} strings, all in Chinese.")
            return
        added, dropped = _update(catalogue, wanted)
        path.parent.mkdir(parents=True, exist_ok=True)
        catalogue.save(str(path))
        catalogue.save_as_mofile(str(path.with_suffix(".mo")))
        untranslated = sum(not entry.translated() for entry in catalogue)
        self.stdout.write(f"{added} added, {dropped} dropped, {untranslated} to translate.")


def _new_catalogue() -> POFile:
    catalogue = POFile(wrapwidth=110)
    catalogue.metadata = {
        "Project-Id-Version": "zoufang",
        "Language": "zh_Hans",
        "MIME-Version": "1.0",
        "Content-Type": "text/plain; charset=UTF-8",
        "Content-Transfer-Encoding": "8bit",
        "Plural-Forms": "nplurals=1; plural=0;",
    }
    return catalogue


def _strings_in_the_code(base: Path) -> dict[Key, set[str]]:
    found: dict[Key, set[str]] = {}
    for path, source in _sources(base):
        keywords = KEYWORDS | (_renamed(source) if path.suffix == ".py" else {})
        for _line, message, _comments, context in extract(
            "python", io.BytesIO(source.encode()), keywords=keywords, options={"encoding": "utf-8"}
        ):
            forms = message if isinstance(message, tuple) else (message, "")
            key = (context or "", str(forms[0]), str(forms[1]) if len(forms) > 1 else "")
            found.setdefault(key, set()).add(str(path.relative_to(base)))
    return found


def _sources(base: Path) -> Iterator[tuple[Path, str]]:
    for package in PACKAGES:
        for path in sorted((base / package).rglob("*.py")):
            if "migrations" not in path.parts:
                yield path, path.read_text(encoding="utf-8")
    for path in sorted((base / "templates").rglob("*")):
        if path.suffix in {".html", ".txt"}:
            # what templatize leaves is no program: its indentation would stop Python's tokenizer
            lines = templatize(path.read_text(encoding="utf-8")).splitlines()
            yield path, "\n".join(line.lstrip() for line in lines)


def _renamed(source: str) -> dict[str, Arguments]:
    """What this module calls gettext and its kin: `from django.utils.translation import gettext as said`."""
    imports = [node for node in ast.walk(ast.parse(source)) if isinstance(node, ast.ImportFrom)]
    return {
        name.asname: KEYWORDS[name.name]
        for node in imports
        if node.module == "django.utils.translation"
        for name in node.names
        if name.asname and name.name in KEYWORDS
    }


def _key(entry: POEntry) -> Key:
    return (entry.msgctxt or "", entry.msgid, entry.msgid_plural or "")


def _update(catalogue: POFile, wanted: dict[Key, set[str]]) -> tuple[int, int]:
    known = {_key(entry) for entry in catalogue}
    unused = [entry for entry in catalogue if _key(entry) not in wanted]
    for entry in unused:
        catalogue.remove(entry)
    missing = sorted(set(wanted) - known)
    for context, singular, plural in missing:
        entry = POEntry(msgid=singular, msgctxt=context or None)
        if plural:
            entry.msgid_plural, entry.msgstr_plural = plural, {0: ""}
        catalogue.append(entry)
    for entry in catalogue:
        entry.occurrences = [(path, "") for path in sorted(wanted[_key(entry)])]
    catalogue.sort(key=lambda entry: (entry.occurrences, entry.msgid))
    return len(missing), len(unused)


def _complain(catalogue: POFile, wanted: dict[Key, set[str]], *, compiled: Path) -> None:
    translated = {_key(entry): entry for entry in catalogue if entry.translated()}
    faults = [
        f"{', '.join(sorted(wanted[key]))}: {key[1]!r} is not in Chinese."
        for key in sorted(set(wanted) - set(translated))
    ]
    faults += [f"{key[1]!r} is translated but not used." for key in sorted(set(translated) - set(wanted))]
    faults += [
        f"{entry.msgid!r}: a placeholder is lost." for entry in catalogue if _loses_a_placeholder(entry)
    ]
    if not compiled.is_file() or compiled.read_bytes() != catalogue.to_binary():
        faults.append(f"{compiled.name} is not what {CATALOGUE} compiles to.")
    if faults:
        raise CommandError("\n".join([*faults, "Run `make messages` and fill in the translations."]))


def _loses_a_placeholder(entry: POEntry) -> bool:
    texts = [*entry.msgstr_plural.values()] if entry.msgid_plural else [entry.msgstr]
    source = entry.msgid_plural or entry.msgid
    return any(_placeholders(text) != _placeholders(source) for text in texts if text)


def _placeholders(text: str) -> set[str]:
    return set(PLACEHOLDER.findall(text))
