"""The usual way in Python: h5py into a NumPy record array, its fields into pyarrow.

usage: peer.py make FILE ROWS    writes the tables that all read
       peer.py                   for each line FILE DATASET of standard input: the table as Arrow; a line of JSON with seconds, processor
                                 seconds and a sum for each column
"""
import json
import sys
import time

import h5py
import numpy as np
import pyarrow as pa
import pyarrow.compute as pc

KINDS = h5py.enum_dtype({"electron": 0, "muon": 1, "photon": 2}, basetype="u1")


def make(path, rows):
    rng = np.random.default_rng(1)
    numbers = np.empty(rows, dtype=[("id", "i8"), ("time", "f8"), ("energy", "f4"), ("x", "f4"), ("channel", "i2"), ("ok", "?")])
    numbers["id"] = np.arange(rows) * 7
    numbers["time"] = np.cumsum(rng.random(rows))
    numbers["energy"] = rng.exponential(100, rows).round(1)
    numbers["x"] = rng.normal(size=rows).round(2)
    numbers["channel"] = rng.integers(0, 500, rows)
    numbers["ok"] = rng.random(rows) < 0.9
    mixed = np.empty(rows, dtype=[("id", "i4"), ("name", "S8"), ("kind", KINDS), ("value", "f8")])
    mixed["id"] = np.arange(rows)
    mixed["name"] = [b"n%d" % (i % 100_000) for i in range(rows)]
    mixed["kind"] = rng.integers(0, 3, rows)
    mixed["value"] = rng.normal(size=rows)
    with h5py.File(path, "w") as file:
        file["contiguous"] = numbers
        file.create_dataset("chunked", data=numbers, chunks=(16384,))
        file.create_dataset("gzip", data=numbers, chunks=(16384,), compression="gzip", compression_opts=4, shuffle=True)
        file.create_dataset("text", data=mixed, chunks=(16384,))


def column(array):
    names = h5py.check_enum_dtype(array.dtype)
    array = np.ascontiguousarray(array)
    if names is not None:
        dictionary = pa.array(sorted(names, key=names.get))
        return pa.DictionaryArray.from_arrays(pa.array(array.astype("i1", copy=False)), dictionary)
    if array.dtype.kind == "S":
        return pa.array(array).cast(pa.string())
    return pa.array(array)


def read(path, name):
    with h5py.File(path) as file:
        dataset = file[name]
        records = dataset[()]
        return pa.table({field: column(records[field]) for field in dataset.dtype.names})


def total(values):
    if pa.types.is_dictionary(values.type):
        values = pa.chunked_array([chunk.indices for chunk in values.chunks])
    if pa.types.is_string(values.type):
        values = pc.binary_length(values)
    if pa.types.is_boolean(values.type):
        values = values.cast(pa.int8())
    return float(pc.sum(values).as_py())


def serve():
    for line in sys.stdin:
        path, name = line.split()
        wall, cpu = time.perf_counter(), time.process_time()
        table = read(path, name)
        cpu, wall = time.process_time() - cpu, time.perf_counter() - wall
        sums = {field: total(table[field]) for field in table.column_names}
        del table
        print(json.dumps({"seconds": wall, "cpu": cpu, "sums": sums}), flush=True)


if __name__ == "__main__":
    if sys.argv[1:2] == ["make"]:
        make(sys.argv[2], int(sys.argv[3]))
    else:
        serve()
