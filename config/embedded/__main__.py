import sys
from pathlib import Path

from config.embedded.layout import Layout
from config.embedded.sharing import default_layout, serve_while_used


def main(action: str = "", root: str = "") -> None:
    layout = Layout(Path(root)) if root else default_layout()
    if action == "serve":
        serve_while_used(layout)
    else:
        sys.exit("Usage: python -m config.embedded serve [DIRECTORY]")


if __name__ == "__main__":
    main(*sys.argv[1:])
