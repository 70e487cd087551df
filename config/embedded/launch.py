"""Becomes another program, which ends when its parent ends and never runs as root if it must not.

Run as a script, `launch.py PARENT SIGNAL IDENTITY PROGRAM [ARGUMENT ...]`, so that nothing but the
standard library is loaded and no code runs between fork and exec of a larger process.

IDENTITY is "self", or for PostgreSQL, which refuses to run as root:
"nobody":    user and group nobody. Where its files lie below a directory nobody may not enter (such as a
             root-only home), it keeps the one capability to pass through, so no permission has to change.
"namespace": a user namespace in which root carries another number, for containers without user nobody.
"""

import ctypes
import os
import pwd
import signal
import sys
from collections.abc import Callable
from pathlib import Path

PR_SET_PDEATHSIG, PR_SET_KEEPCAPS, PR_SET_SECUREBITS = 1, 8, 28
PR_CAP_AMBIENT, PR_CAP_AMBIENT_RAISE = 47, 2
SECBIT_NO_SETUID_FIXUP = 1 << 2
CAP_DAC_OVERRIDE, CAP_DAC_READ_SEARCH, CAP_SETPCAP = 1, 2, 8
CAPABILITY_VERSION_3 = 0x20080522
CLONE_NEWUSER = 0x10000000
NUMBER_IN_THE_NAMESPACE = 1000


def call(name: str, *arguments: object) -> None:
    """Call a function of the C library. Raises OSError when it answers with less than nought."""
    function = getattr(ctypes.CDLL(None, use_errno=True), name)
    if function(*arguments) < 0:
        error = ctypes.get_errno()
        raise OSError(error, f"{name}: {os.strerror(error)}")


def prctl(option: int, value: int = 0, other: int = 0) -> None:
    numbers = (ctypes.c_ulong(number) for number in (value, other, 0, 0))
    call("prctl", ctypes.c_int(option), *numbers)


def end_with_parent(parent: int, number: int) -> None:
    """Linux only. Elsewhere the next start cleans up what is left."""
    if not sys.platform.startswith("linux"):
        return
    prctl(PR_SET_PDEATHSIG, number)
    if os.getppid() != parent:
        os._exit(0)  # the parent ended before we asked


def keep_capabilities(*numbers: int) -> None:
    """Keep these of the capabilities we have and give up all others. Raises OSError for one we lack."""
    bits = sum(1 << number for number in numbers)
    header = (ctypes.c_uint32 * 2)(CAPABILITY_VERSION_3, 0)
    sets = (ctypes.c_uint32 * 6)(bits, bits, bits, 0, 0, 0)
    call("capset", header, sets)


def pass_through(number: int) -> None:
    """Take one capability along into the program, and let access(2), which PostgreSQL asks, count it."""
    keep_capabilities(number, CAP_SETPCAP)
    prctl(PR_SET_SECUREBITS, SECBIT_NO_SETUID_FIXUP)
    keep_capabilities(number)
    prctl(PR_CAP_AMBIENT, PR_CAP_AMBIENT_RAISE, number)


def nobody() -> tuple[int, int]:
    """User and group, also where a small container does not name them."""
    try:
        user = pwd.getpwnam("nobody")
    except KeyError:
        return 65534, 65534
    return user.pw_uid, user.pw_gid


def become_nobody(program: str) -> None:
    user, group = nobody()
    prctl(PR_SET_KEEPCAPS, 1)
    os.setgroups([])
    os.setgid(group)
    os.setuid(user)
    if os.access(program, os.X_OK) and os.access(Path.cwd(), os.W_OK | os.X_OK):
        keep_capabilities()
        return
    try:
        pass_through(CAP_DAC_READ_SEARCH)
    except OSError:
        pass_through(CAP_DAC_OVERRIDE)  # all that a container is given by default


def enter_namespace(_program: str) -> None:
    user, group = os.geteuid(), os.getegid()
    call("unshare", ctypes.c_int(CLONE_NEWUSER))
    for name, line in (
        ("setgroups", "deny"),
        ("uid_map", f"{NUMBER_IN_THE_NAMESPACE} {user} 1"),
        ("gid_map", f"{NUMBER_IN_THE_NAMESPACE} {group} 1"),
    ):
        Path("/proc/self", name).write_text(line, encoding="ascii")


IDENTITIES: dict[str, Callable[[str], None]] = {
    "self": lambda _program: None,
    "nobody": become_nobody,
    "namespace": enter_namespace,
}


def main(parent: str, number: str, identity: str, *command: str) -> None:
    IDENTITIES[identity](command[0])
    end_with_parent(int(parent), int(number))  # last: changing the user forgets the signal
    for ignored in (signal.SIGPIPE, signal.SIGXFSZ):
        signal.signal(ignored, signal.SIG_DFL)
    os.execv(command[0], command)  # noqa: S606


if __name__ == "__main__":
    try:
        main(*sys.argv[1:])
    except OSError as error:
        sys.exit(f"cannot start {sys.argv[4]} as {sys.argv[3]}: {error}")
