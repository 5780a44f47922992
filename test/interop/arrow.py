"""Tables between h5py, pandas and pyarrow on one side and h5ts on the other.

usage: arrow.py make FOLDER    writes tables.h5 with h5py
       arrow.py judge FOLDER   compares what h5ts made of them, and reads what h5ts wrote from Arrow; prints JSON
"""
import json
import sys

import h5py
import numpy as np
import pandas as pd
import pyarrow as pa
import pyarrow.parquet as pq

ROWS = 5000


def columns():
    rng = np.random.default_rng(7)
    whole = {f"{kind}{8 * size}": rng.integers(0, 100, ROWS).astype(f"{kind}{size}") for kind in "iu" for size in (1, 2, 4, 8)}
    return {
        **whole,
        "f16": rng.normal(size=ROWS).astype("f2"),
        "f32": rng.normal(size=ROWS).astype(">f4"),
        "f64": rng.normal(size=ROWS),
        "flag": rng.integers(0, 2, ROWS).astype(bool),
        "text": np.array([f"row {i}" for i in range(ROWS)], dtype="S9"),
    }


def make(folder):
    data = columns()
    with h5py.File(f"{folder}/tables.h5", "w") as file:
        table = np.empty(ROWS, dtype=[(name, array.dtype) for name, array in data.items()])
        for name, array in data.items():
            table[name] = array
        file.create_dataset("table", data=table, chunks=(512,), compression="gzip")
        for name, array in data.items():
            file[f"group/{name}"] = array
        file["matrix"] = np.arange(12, dtype="f4").reshape(4, 3)
        file["time"] = np.arange(4)
        file["time"].make_scale("time")
        file["matrix"].dims[0].attach_scale(file["time"])


def frame(file, name):
    """What h5py and pandas make of it."""
    item = file[name]
    table = {key: item[key][()] for key in (item if isinstance(item, h5py.Group) else item.dtype.names)}
    result = pd.DataFrame({key: array.astype(array.dtype.newbyteorder("=")) for key, array in table.items()})
    result["text"] = [value.decode() for value in table["text"]]
    return result


def same(found, wanted):
    pd.testing.assert_frame_equal(found[list(wanted)], wanted, check_dtype=True, check_column_type=False)


def outcome(check):
    try:
        return check() or "same"
    except AssertionError as error:
        return str(error)


def judge_ours(folder):
    """Arrow and Parquet files that h5ts made of h5py's datasets."""
    answers = {}
    with h5py.File(f"{folder}/tables.h5") as file:
        for name in ("table", "group"):
            wanted = frame(file, name)
            with pa.ipc.open_file(f"{folder}/{name}.arrow") as reader:
                answers[f"{name}.arrow"] = outcome(lambda: same(fixed(reader.read_all()), fixed(pa.Table.from_pandas(wanted))))
            with pa.ipc.open_stream(f"{folder}/{name}.arrows") as reader:
                answers[f"{name}.arrows"] = outcome(lambda: same(fixed(reader.read_all()), fixed(pa.Table.from_pandas(wanted))))
            parquet = pq.read_table(f"{folder}/{name}.parquet")
            answers[f"{name}.parquet"] = outcome(lambda: same(parquet.to_pandas()[["i64", "f64", "text"]], wanted[["i64", "f64", "text"]]))
        with pa.ipc.open_file(f"{folder}/matrix.arrow") as reader:
            matrix = reader.read_pandas()
        answers["matrix.index"] = [matrix.index.name, matrix.index.tolist(), matrix["2"].tolist()]
    return answers


def fixed(table):
    return table.to_pandas()


def plain(value):
    if isinstance(value, np.ndarray):
        return [plain(item) for item in value.tolist()] if value.dtype.kind != "O" else [plain(item) for item in value]
    if isinstance(value, (bytes, np.bytes_)):
        return value.decode()
    if isinstance(value, np.generic):
        return value.item()
    return value


def judge_theirs(folder):
    """HDF5 files that h5ts wrote from Arrow: h5py's values beside those of the same table in Arrow's own format."""
    answers = {}
    with pa.ipc.open_file(f"{folder}/source.arrow") as reader:
        table = reader.read_all()
    with h5py.File(f"{folder}/written.h5") as file:
        for layout in ("compound", "group"):
            item = file[layout]
            schema = pa.ipc.read_schema(pa.py_buffer(item.attrs["ARROW:schema"].tobytes()))
            answers[f"{layout}.schema"] = [field.name for field in schema] == table.column_names
            for field in schema:
                metadata = field.metadata or {}
                values = item[field.name][()]
                mask = metadata.get(b"h5ts:valid")
                valid = item[mask.decode()][()] if mask else None
                answers[f"{layout}.{field.name}"] = outcome(lambda: judge_column(table[field.name], field, item, values, valid))
    return answers


def judge_parquet(folder):
    """Columns of every type: those of Parquet beside those of IPC, which know their types."""
    with pa.ipc.open_file(f"{folder}/all.arrow") as reader:
        wanted = reader.read_all()
    found = pq.read_table(f"{folder}/all.parquet")
    return {f"all.{name}": outcome(lambda: same_columns(found[name], wanted[name])) for name in wanted.column_names}


def same_columns(found, wanted):
    assert len(found) == len(wanted) and found.null_count == wanted.null_count, (len(found), found.null_count)
    # Parquet counts seconds by thousands, and days once.
    alike = {
        pa.timestamp("s"): pa.timestamp("ms"),
        pa.time32("s"): pa.time32("ms"),
        pa.date64(): pa.date32(),
    }
    allowed = {wanted.type, alike.get(wanted.type, wanted.type)}
    if pa.types.is_dictionary(wanted.type) and wanted.type.value_type != pa.string():
        # pyarrow makes dictionaries again of text alone.
        allowed.add(wanted.type.value_type)
    if pa.types.is_map(wanted.type) and (found.type.key_type, found.type.item_type) == (wanted.type.key_type, wanted.type.item_type):
        # Names of entries are of no account.
        allowed.add(found.type)
    assert found.type in allowed or str(found.type).replace("element", "item") in map(str, allowed), (found.type, wanted.type)
    assert values_of(found) == values_of(wanted), (found.slice(0, 5), wanted.slice(0, 5))


def values_of(column):
    if pa.types.is_timestamp(column.type) and column.type.unit == "s":
        column = column.cast(pa.timestamp("ms"))
    if pa.types.is_timestamp(column.type) or pa.types.is_duration(column.type):
        return column.cast(pa.int64()).to_pylist()
    if pa.types.is_time64(column.type):
        return column.cast(pa.int64()).to_pylist()
    return column.to_pylist()


def judge_column(column, field, item, values, valid):
    if pa.types.is_timestamp(field.type) or pa.types.is_duration(field.type) or pa.types.is_date32(field.type):
        wanted = column.to_numpy(zero_copy_only=False)
        assert np.array_equal(values.astype(wanted.dtype), wanted, equal_nan=True), (values[:5], wanted[:5])
        return
    wanted = column.to_pylist()
    if pa.types.is_dictionary(field.type):
        of = item.dtype[field.name] if isinstance(item, h5py.Dataset) else item[field.name].dtype
        names = {number: name for name, number in h5py.check_enum_dtype(of).items()}
        values = [names[value] for value in values]
    found = [plain(value) for value in values]
    if valid is not None:
        found = [value if there else None for value, there in zip(found, valid)]
    assert len(found) == len(wanted)
    for i, (one, other) in enumerate(zip(found, wanted)):
        assert one == other or (one != one and other != other), f"row {i}: {one!r}, {other!r}"


if __name__ == "__main__":
    command, place = sys.argv[1:]
    if command == "make":
        make(place)
    else:
        print(json.dumps({**judge_ours(place), **judge_theirs(place), **judge_parquet(place)}))
