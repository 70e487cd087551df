from typing import Any

from django.core.management.base import CommandParser
from django.core.management.commands import migrate
from django.db import connections
from django.utils import timezone

from accounts.roles import make_role_groups
from compliance.packaging import bring_rule_book
from config import rights, walls
from followups.packaged import install_packaged_wordings


class Command(migrate.Command):
    help = (
        "Migrates as the database's owner, then brings the permission groups of the staff's roles, the limits of the"
        " rule book and the packaged wordings of messages in line, makes the walls look past temporary tables, and gives"
        " the application's role its rights."
    )

    def add_arguments(self, parser: CommandParser) -> None:
        super().add_arguments(parser)
        parser.set_defaults(database="owner")

    def handle(self, *args: Any, **options: Any) -> None:
        super().handle(*args, **options)
        if options["plan"] or options["check_unapplied"]:
            return
        if not options["app_label"]:
            make_role_groups(using=options["database"])
            bring_rule_book(using=options["database"])
            install_packaged_wordings(now=timezone.now(), using=options["database"])
        role = rights.application_role()
        connection = connections[options["database"]]
        walls.pin_search_paths(connection)
        if connection.settings_dict["USER"] == role:
            self.stderr.write(
                self.style.WARNING(
                    "DATABASE_URL and DATABASE_OWNER_URL name the same role:"
                    " the application may change what it owns, ledgers included."
                )
            )
            return
        rights.grant_application_rights(connection, role)
