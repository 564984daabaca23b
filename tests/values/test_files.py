"""Files are written whole or not at all, by any number of writers, and never through a link or over an input."""

from __future__ import annotations

import os
import stat
import threading
from concurrent.futures import ThreadPoolExecutor
from pathlib import Path

import pytest

from svclight.errors import SvclightError
from svclight.values import files
from svclight.values.files import check_outputs, write_whole


def test_a_file_is_written_and_replaced(tmp_path: Path) -> None:
    path = tmp_path / "out.csv"
    assert write_whole(path, b"one") == path
    assert write_whole(path, b"two").read_bytes() == b"two"
    assert list(tmp_path.iterdir()) == [path]


@pytest.mark.parametrize("mode", [0o600, 0o640, 0o664, 0o444])
def test_it_keeps_the_mode_of_the_file_that_it_replaces(tmp_path: Path, mode: int) -> None:
    path = tmp_path / "out.csv"
    path.write_bytes(b"one")
    path.chmod(mode)
    write_whole(path, b"two")
    assert stat.S_IMODE(path.stat().st_mode) == mode


def test_a_new_file_has_the_mode_that_the_user_wants(tmp_path: Path) -> None:
    known = os.umask(0o027)
    try:
        made = write_whole(tmp_path / "out.csv", b"one")
    finally:
        os.umask(known)
    assert stat.S_IMODE(made.stat().st_mode) == 0o640  # 666 without 027


def test_two_writers_leave_one_whole_version(tmp_path: Path) -> None:
    path, start = tmp_path / "out.csv", threading.Barrier(8)
    versions = [bytes([65 + number]) * 300_000 for number in range(8)]

    def write(version: bytes) -> None:
        start.wait()
        for _ in range(10):
            write_whole(path, version)
            assert path.read_bytes() in versions  # whole at any time

    with ThreadPoolExecutor(8) as pool:
        list(pool.map(write, versions))
    assert path.read_bytes() in versions
    assert list(tmp_path.iterdir()) == [path]


def test_no_link_at_the_temporary_name_is_followed(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    victim, path = tmp_path / "victim", tmp_path / "out.csv"
    victim.write_text("mine")
    monkeypatch.setattr(files.secrets, "token_hex", lambda _: "0")  # as if the name had been foreseen
    planted = tmp_path / ".svclight-0.part"
    planted.symlink_to(victim)
    with pytest.raises(SvclightError, match=r"out.csv: the file cannot be written: File exists"):
        write_whole(path, b"data")
    assert victim.read_text() == "mine"
    assert not path.exists()


@pytest.mark.parametrize("there", [True, False])
def test_a_link_at_the_path_is_refused(tmp_path: Path, there: bool) -> None:
    victim, path = tmp_path / "victim", tmp_path / "out.csv"
    if there:
        victim.write_text("mine")
    path.symlink_to(victim)
    with pytest.raises(SvclightError, match=r"out.csv: this is a link, and is not followed; found .*victim"):
        write_whole(path, b"data")
    assert path.is_symlink()
    assert victim.exists() is there


def test_a_pipe_and_a_device_are_written_to_and_stay(tmp_path: Path) -> None:
    pipe = tmp_path / "pipe"
    os.mkfifo(pipe)
    with ThreadPoolExecutor(1) as pool:
        read = pool.submit(pipe.read_bytes)
        write_whole(pipe, b"data")
        assert read.result(10) == b"data"
    assert stat.S_ISFIFO(pipe.stat().st_mode)
    write_whole(Path(os.devnull), b"data")
    assert stat.S_ISCHR(Path(os.devnull).stat().st_mode)


@pytest.mark.skipif(not Path("/dev/full").exists(), reason="there is no device that is always full")
def test_a_full_disk_is_told() -> None:
    with pytest.raises(SvclightError, match="/dev/full: the file cannot be written: No space left on device"):
        write_whole(Path("/dev/full"), b"data")


@pytest.mark.parametrize("error", [OSError(28, "No space left on device"), KeyboardInterrupt()])
def test_what_fails_on_the_way_leaves_the_old_file(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch, error: BaseException
) -> None:
    path = write_whole(tmp_path / "out.csv", b"old")

    def fail(*_: object) -> None:
        raise error

    monkeypatch.setattr(Path, "replace", fail)
    with pytest.raises((SvclightError, KeyboardInterrupt)):
        write_whole(path, b"new")
    assert path.read_bytes() == b"old"
    assert list(tmp_path.iterdir()) == [path]


def test_outputs_are_no_inputs_by_whatever_name(tmp_path: Path) -> None:
    log = tmp_path / "log.csv"
    log.write_text("a\n")
    (tmp_path / "folder").mkdir()
    (tmp_path / "soft.csv").symlink_to(log)
    (tmp_path / "hard.csv").hardlink_to(log)
    (tmp_path / "away").symlink_to(tmp_path / "folder")
    said = "is an input of this call, and would be written over"
    for name in ("log.csv", "folder/../log.csv", "soft.csv", "hard.csv", "away/../log.csv"):
        with pytest.raises(SvclightError, match=said):
            check_outputs([tmp_path / name], [tmp_path / "no.csv", log])
    check_outputs([tmp_path / "other.csv", tmp_path / "folder/log.csv"], [log])
    with pytest.raises(SvclightError, match="two results of this call would be the same file"):
        check_outputs([tmp_path / "x.md", tmp_path / "folder/../x.md"], [log])
