#!/usr/bin/env python3
"""Judges the files of the matrix by libhdf5, through h5py: whether dataset "d" of each has the values that its datatype's formula gives.

Reads lines of JSON from standard input: {"file": PATH, "type": NAME, "shape": [...], "fill": NUMBER or null}; writes for
each a line {"file": PATH, "differences": [TEXT, ...]}.
"""
import json
import os
import sys

os.environ.setdefault("HDF5_USE_FILE_LOCKING", "FALSE")
import h5py  # noqa: E402
import numpy as np  # noqa: E402

try:
    import hdf5plugin  # noqa: F401,E402
except ImportError:
    pass


def number(i):
    return (i * 37 + 11) % 101 - 50


def positive(i):
    return (i * 37 + 11) % 101


def text(i):
    return "é" * (i % 4) + str(i)


def pair(i):
    return (number(i) / 4, number(i + 1))


def sequence(i):
    return [k + i for k in range(i % 5)]


UNSIGNED = {"u1", "<u4", ">u8"}
PAIR = np.dtype([("x", "<f8"), ("y", "<i4")])
SWAPPED = np.dtype([("x", ">f8"), ("y", ">i4")])
VALUES = {
    "bool": lambda i: i % 3 == 0,
    "enum": lambda i: [0, 1, 5][i % 3],
    "S7": lambda i: f"s{i}".encode(),
    "utf8": lambda i: text(i).encode(),
    "str": lambda i: text(i).encode(),
    "ascii": lambda i: (f"a{i}" * (i % 3)).encode(),
    "vlen": sequence,
    "vlen of vlen": lambda i: [[i % 200], [], [1, 2]][:i % 4],
    "compound": pair,
    "swapped": pair,
    "nested": lambda i: (i, pair(i), f"l{i}".encode(), text(i).encode(), [i, i + 0.5, -i], sequence(i)),
    "array": lambda i: [[i, i + 1, i + 2], [-i, 0, 7]],
    "opaque": lambda i: bytes([i % 256, 0, 1, 2, 255 - i % 256]),
    "bitfield": lambda i: i * 517 % 65536,
    "complex": lambda i: complex(number(i) / 4, i),
    "native complex": lambda i: complex(number(i) / 4, i),
}
TYPES = {
    "bool": np.dtype(bool),
    "enum": np.dtype("<i2"),
    "S7": np.dtype("S7"),
    "utf8": np.dtype("S12"),
    "compound": PAIR,
    "swapped": SWAPPED,
    "array": np.dtype(("<i2", (2, 3))),
    "opaque": np.dtype("V5"),
    "bitfield": np.dtype("<u2"),
    "complex": np.dtype("<c16"),
    "native complex": np.dtype("<c8"),
}


def plain(value):
    """A value of h5py's as lists, tuples, bytes and numbers."""
    if isinstance(value, np.void) and value.dtype.names is not None:
        return tuple(plain(value[name]) for name in value.dtype.names)
    if isinstance(value, np.void):
        return value.tobytes()
    if isinstance(value, np.ndarray):
        return [plain(item) for item in value]
    if isinstance(value, np.generic):
        return value.item()
    if isinstance(value, str):
        return value.encode()
    return value


def expected(name, i):
    if name in VALUES:
        return VALUES[name](i)
    if name in UNSIGNED:
        return positive(i)
    value = number(i)
    return value if name in ("i1", "<i2", ">i2", "<i4", ">i4", "<i8") else value / 4


def referenced(file, name, value, i):
    """What a reference leads to, beside what it should."""
    if name == "reference":
        return file[value].name, "/target" if i % 2 == 0 else "/"
    region = file[value][value]
    return (file[value].name, region.tolist()), ("/target", [i % 3])


def check_type(found, name, say):
    want = TYPES.get(name)
    if want is None and name not in VALUES and name not in ("reference", "region", "bfloat16"):
        want = np.dtype(name)
    if want is None:
        return
    if name == "array":
        base, shape = want.subdtype
        if (found.base, found.shape) != (base, shape):
            say(f"{found} instead of {want}")
    elif found != want and np.dtype(found.str) != want:
        say(f"{found} instead of {want}")


def written(shape, fill):
    """Whether element `place` was written: in files of a part, only the first half of the first axis was."""
    return lambda place: fill is None or place[0] < shape[0] // 2


def compare(job):
    name, shape, fill = job["type"], tuple(job["shape"]), job.get("fill")
    differences = []

    def say(line):
        if len(differences) < 5:
            differences.append(line)

    with h5py.File(job["file"], "r") as file:
        dataset = file["d"]
        if dataset.shape != shape:
            say(f"shape {dataset.shape} instead of {shape}")
            return differences
        check_type(dataset.dtype, name, say)
        values = dataset[()]
        is_written = written(shape, fill)
        for i, place in enumerate(np.ndindex(*shape)):
            value = values[place] if shape else values
            if name in ("reference", "region"):
                got, want = referenced(file, name, value, i)
            else:
                got, want = plain(value), expected(name, i) if is_written(place) else fill
            if got != want:
                say(f"{list(place)}: {got!r} instead of {want!r}")
    return differences


def main():
    for line in sys.stdin:
        job = json.loads(line)
        try:
            differences = compare(job)
        except Exception as error:  # noqa: BLE001: whatever it is, the file cannot be read
            differences = [f"{type(error).__name__}: {error}"]
        print(json.dumps({"file": job["file"], "differences": differences}), flush=True)


if __name__ == "__main__":
    main()
