"""Another user of the machine cannot have anything done by a template: three doors, each of which holds alone."""

from __future__ import annotations

import errno
import os
import socket
import stat
from collections.abc import Iterator
from pathlib import Path

import pytest
from forked_processes import needs_linux

from swis.kernels.ask import SOCKET, RefusedError, Request, ask
from swis.kernels.owner import template_process

pytestmark = needs_linux
NOBODY = 65534
SERVED, HUNG_UP = 0, 200
needs_root = pytest.mark.skipif(os.getuid() != 0, reason="only root can become another user to try it")


@pytest.fixture
def template(tmp_path: Path) -> Iterator[tuple[Path, Path]]:
    """Socket and log of a template."""
    with template_process(["json"], dict(os.environ), tmp_path / "kernels.log") as variables:
        yield Path(variables[SOCKET]), tmp_path / "kernels.log"


def tried_as(user: int, path: Path) -> int:
    """What comes of asking for a job as a user: an error of the system, SERVED, or HUNG_UP."""
    child = os.fork()
    if child == 0:
        code = 255
        try:
            os.setgroups([])
            os.setresgid(user, user, user)
            os.setresuid(user, user, user)
            code = _tried(path)
        finally:
            os._exit(code)
    return os.waitstatus_to_exitcode(os.waitpid(child, 0)[1])


def _tried(path: Path) -> int:
    request = Request("module", ["json.tool", "--help"], "/", os.environ)
    try:
        with socket.socket(socket.AF_UNIX, socket.SOCK_STREAM) as connection:
            connection.connect(str(path))
        with open(os.devnull, "r+b") as nothing:  # noqa: PTH123
            return ask(str(path), request, [nothing.fileno()] * 3).wait() or SERVED
    except RefusedError:
        return HUNG_UP
    except OSError as error:
        return error.errno or 255


def test_folder_and_socket_are_for_this_user_only(template: tuple[Path, Path]) -> None:
    path, _ = template
    assert stat.S_ISSOCK(path.stat().st_mode)
    assert stat.S_IMODE(path.stat().st_mode) == 0o600
    assert stat.S_IMODE(path.parent.stat().st_mode) == 0o700
    assert path.parent.stat().st_uid == os.getuid()


@needs_root
def test_the_folder_alone_keeps_another_user_out(template: tuple[Path, Path]) -> None:
    path, _ = template
    path.chmod(0o666)
    assert tried_as(NOBODY, path) == errno.EACCES


@needs_root
def test_the_socket_alone_keeps_another_user_out(template: tuple[Path, Path]) -> None:
    path, _ = template
    path.parent.chmod(0o755)
    assert tried_as(NOBODY, path) == errno.EACCES


@needs_root
def test_the_template_itself_turns_another_user_away_and_serves_its_own(template: tuple[Path, Path]) -> None:
    path, log = template
    path.parent.chmod(0o755)
    path.chmod(0o666)
    assert tried_as(NOBODY, path) == HUNG_UP
    said = log.read_text(encoding="utf-8")
    assert "another user of this machine was turned away" in said
    assert "ended with" not in said, "nothing was forked for it"
    assert tried_as(os.getuid(), path) == SERVED
