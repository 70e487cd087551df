#!/usr/bin/env python
"""Django's commands, with the embedded servers running for their duration where none are given."""

import os
import sys

from django.core.management import execute_from_command_line

from config.embedded.sharing import NoServers, embedded_servers


def main() -> None:
    os.environ.setdefault("DJANGO_SETTINGS_MODULE", "config.settings")
    try:
        with embedded_servers():
            execute_from_command_line(sys.argv)
    except NoServers as error:
        sys.exit(str(error))


if __name__ == "__main__":
    main()
