"""What is checked of a delivery as a whole, before a single row is looked at."""

import hashlib
from dataclasses import dataclass
from pathlib import Path

from django.utils.translation import gettext as _

from accounts.feed.format import FILES, FileFormat

LONGEST_LINE = 65_536


class Unusable(Exception):
    """The delivery cannot be taken at all; the message says why and how to mend it."""


@dataclass(frozen=True)
class DeliveredFile:
    format: FileFormat
    path: Path
    header: tuple[str, ...]
    rows: int


@dataclass(frozen=True)
class Delivery:
    """The files of one directory in the order they are loaded, and the hash of their names and bytes."""

    files: tuple[DeliveredFile, ...]
    content_hash: str


def check_delivery(directory: Path) -> Delivery:
    """Read every file once: which there are, whether they are whole, their headers. Raises Unusable."""
    if not directory.is_dir():
        raise Unusable(_("There is no directory %(path)s.") % {"path": directory})
    found = {path.name: path for path in directory.iterdir() if path.suffix.lower() == ".csv"}
    strangers = sorted(set(found) - set(FILES))
    if strangers:
        raise Unusable(
            _("%(name)s is not a file of the feed. The files are %(files)s.")
            % {"name": strangers[0], "files": ", ".join(FILES)}
        )
    if not found:
        raise Unusable(
            _("%(path)s holds none of %(files)s.") % {"path": directory, "files": ", ".join(FILES)}
        )
    digest = hashlib.sha256()
    files = [_check_file(FILES[name], found[name], digest) for name in FILES if name in found]
    return Delivery(tuple(files), digest.hexdigest())


def _check_file(file: FileFormat, path: Path, digest: "hashlib._Hash") -> DeliveredFile:
    digest.update(file.name.encode() + b"\0")
    header: tuple[str, ...] = ()
    number = 0
    with path.open("rb") as lines:
        while line := lines.readline(LONGEST_LINE + 1):
            number += 1
            digest.update(line)
            text = _whole_line(line, file.name, number)
            if number == 1:
                header = _check_header(file, text)
    if number == 0:
        raise Unusable(_("%(file)s is empty: not even a header.") % {"file": file.name})
    digest.update(b"\0")
    return DeliveredFile(file, path, header, rows=number - 1)


def _whole_line(line: bytes, name: str, number: int) -> str:
    where = {"file": name, "line": number}
    if len(line) > LONGEST_LINE:
        raise Unusable(_("%(file)s, line %(line)d is longer than 64 KiB.") % where)
    if not line.endswith(b"\n"):
        raise Unusable(_("%(file)s is cut off in the middle of line %(line)d. Deliver it again.") % where)
    if b"\0" in line:
        raise Unusable(_("%(file)s, line %(line)d holds NUL bytes. Deliver the file again.") % where)
    try:
        return line.decode("utf-8-sig" if number == 1 else "utf-8")
    except UnicodeDecodeError as wrong:
        raise Unusable(
            _("%(file)s, line %(line)d is not UTF-8. Export the file as UTF-8.") % where
        ) from wrong


def _check_header(file: FileFormat, line: str) -> tuple[str, ...]:
    names = tuple(name.strip().strip('"') for name in line.rstrip("\r\n").split(","))
    missing = [column.name for column in file.columns if column.key and column.name not in names]
    unknown = [name for name in names if name not in file.by_name]
    twice = [name for name in names if names.count(name) > 1]
    for columns, sentence in (
        (unknown, _("%(file)s has a column %(columns)s that the format does not know.")),
        (missing, _("%(file)s lacks the column %(columns)s.")),
        (twice, _("%(file)s has the column %(columns)s more than once.")),
    ):
        if columns:
            raise Unusable(sentence % {"file": file.name, "columns": ", ".join(dict.fromkeys(columns))})
    return names
