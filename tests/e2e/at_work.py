"""`python -m tests.e2e.at_work DIRECTORY PORT`: a branch as `make run` starts it, in a directory of its own.

Whatever servers `.env` or the environment name are left alone: this branch is there to be killed.
"""

import os
import sys
from pathlib import Path

from config.embedded.environment import Wanted, read_env_file, write_environment
from config.embedded.layout import Layout
from config.embedded.runner import Branch
from config.embedded.supervisor import Stopped, sole_supervisor, stop_on_signals


class BranchWithoutDemonstration(Branch):
    def load_demonstration(self):
        """The tests bring their own customers."""

    def begin_the_day(self):
        """The tests send out their own agents."""


def main(directory, port):
    layout = Layout(Path(directory))
    layout.make()
    write_environment(layout)
    os.environ.update(read_env_file(layout.env))
    try:
        with stop_on_signals(), sole_supervisor(layout, "run"):
            wanted = Wanted(production=False, postgres=True, valkey=True)
            BranchWithoutDemonstration(layout, wanted, int(port)).work()
    except Stopped:
        return


if __name__ == "__main__":
    main(*sys.argv[1:])
