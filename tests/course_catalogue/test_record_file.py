"""Records come back as they were put, across damage and growth."""

from __future__ import annotations

from pathlib import Path

import pytest

from course_catalogue.record_file import SPARE, RecordFile


def written(path: Path, records: dict[bytes, bytes], wanted: dict[bytes, bytes] | None = None) -> bool:
    file = RecordFile(path)
    for key, value in records.items():
        file.put(key, value)
    wanted = records if wanted is None else wanted
    return file.save(len(wanted), lambda: wanted)


def read(path: Path, keys: list[bytes]) -> list[bytes | None]:
    file = RecordFile(path)
    return [file.get(key) for key in keys]


def test_what_was_put_is_there_at_once_and_after_it_was_saved(tmp_path: Path) -> None:
    file = RecordFile(tmp_path / "a.records")
    assert file.get(b"key") is None
    file.put(b"key", b"value")
    assert file.get(b"key") == b"value"
    file.save(1, lambda: [b"key"])
    assert read(tmp_path / "a.records", [b"key", b"other"]) == [b"value", None]


def test_a_change_writes_itself_alone_and_the_newest_value_counts(tmp_path: Path) -> None:
    path = tmp_path / "a.records"
    written(path, {b"a": b"x" * 1000, b"b": b"y" * 1000})
    before = path.read_bytes()
    written(path, {b"a": b"new"})
    assert path.read_bytes().startswith(before)
    assert len(path.read_bytes()) < len(before) + 100
    assert read(path, [b"a", b"b"]) == [b"new", b"y" * 1000]


def test_without_a_file_it_lives_as_long_as_the_process() -> None:
    file = RecordFile(None)
    file.put(b"key", b"value")
    assert not file.save(1, lambda: [b"key"])
    assert file.get(b"key") == b"value"


def test_what_nobody_wants_is_dropped_once_it_outweighs_the_rest(tmp_path: Path) -> None:
    path = tmp_path / "a.records"
    old = {f"old-{number}".encode(): b"value" for number in range(SPARE + 10)}
    new = {f"new-{number}".encode(): b"value" for number in range(3)}
    written(path, old)
    assert not written(path, {b"new-0": b"value"}, wanted={**old, **new})
    assert written(path, new, wanted=new)
    assert read(path, [b"new-0", b"new-2", b"old-0"]) == [b"value", b"value", None]


@pytest.mark.parametrize("cut", range(1, 60))
def test_a_half_written_record_counts_as_absent_and_is_mended(tmp_path: Path, cut: int) -> None:
    path = tmp_path / "a.records"
    records = {b"a": b"first", b"b": b"second"}
    written(path, records)
    path.write_bytes(path.read_bytes()[:-cut])
    found = read(path, [b"a", b"b"])
    assert all(value in (None, records[key]) for key, value in zip(records, found, strict=True))
    written(path, records)
    assert read(path, [b"a", b"b"]) == [b"first", b"second"]


@pytest.mark.parametrize("place", range(58))
def test_no_damaged_byte_comes_back_as_a_value(tmp_path: Path, place: int) -> None:
    path = tmp_path / "a.records"
    records = {b"a": b"first", b"b": b"second"}
    written(path, records)
    damaged = bytearray(path.read_bytes())
    damaged[place % len(damaged)] ^= 0x41
    path.write_bytes(damaged)
    for key, value in zip(records, read(path, [b"a", b"b"]), strict=True):
        assert value in (None, records[key])


@pytest.mark.parametrize("content", [b"", b"x", b"\xff" * 200, b"{}"])
def test_what_is_no_such_file_counts_as_empty(tmp_path: Path, content: bytes) -> None:
    path = tmp_path / "a.records"
    path.write_bytes(content)
    assert read(path, [b"a"]) == [None]
    written(path, {b"a": b"value"})
    assert read(path, [b"a"]) == [b"value"]
