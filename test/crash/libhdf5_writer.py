"""`libhdf5_writer.py PROGRAM PATH LIBVER`: the programs of programs.ts, run by libhdf5 through h5py until it is killed. Says the number of each
state once it is flushed."""
import os
import sys

import h5py
import numpy as np

ROWS = 37
ALIVE = 40
LENGTH = 60_000
TEXT = h5py.string_dtype("utf-8")


def row_values(first, end):
    return np.arange(first, end, dtype="<i4") * 7 + 3


def append(dataset, values):
    n = dataset.shape[0]
    dataset.resize((n + len(values),))
    dataset[n:] = values


class Appending:
    def begin(self, f):
        rows = {"shape": (0,), "maxshape": (None,), "chunks": (100,)}
        f.create_dataset("rows", dtype="<i4", compression="gzip", shuffle=True, **rows)
        f.create_dataset("plain", dtype="<i4", **rows)
        f.create_dataset("log", dtype=TEXT, **{**rows, "chunks": (16,)})

    def step(self, f, s):
        values = row_values((s - 1) * ROWS, s * ROWS)
        append(f["rows"], values)
        append(f["plain"], values)
        append(f["log"], [f"state {s}"])


def name(i):
    return f"object {i:06d}"


class Churning:
    def begin(self, f):
        f.create_group("objects")

    def step(self, f, s):
        objects = f["objects"]
        for i in range(3 * s, 3 * s + 3):
            made = objects.create_group(name(i))
            made.attrs["number"] = i
            made.attrs["label"] = f"the object {'x' * (i % 50)}"
            data = made.create_dataset("values", data=np.array([i, i / 2, -i, 1 / (i + 1), 0.1]))
            data.attrs["scale"] = np.array([i, 2], dtype="<f4")
            if i - ALIVE >= 3:
                del objects[name(i - ALIVE)]


def whole(s):
    return (s * 1000 + np.arange(LENGTH) % 997).astype("<i4")


def labels(s):
    return [f"{s}:{i}{'y' * ((s + i) % 23)}" for i in range(20)]


class Overwriting:
    def begin(self, f):
        f.create_dataset("contiguous", data=whole(0))
        f.create_dataset("chunked", data=whole(0), chunks=(9000,), compression="gzip", compression_opts=1)
        f.create_dataset("labels", data=labels(0), dtype=TEXT)

    def step(self, f, s):
        f["contiguous"][...] = whole(s)
        f["chunked"][...] = whole(s)
        f["labels"][...] = labels(s)


PROGRAMS = {"appending": Appending, "churning": Churning, "overwriting": Overwriting}


def say(state):
    os.write(1, f"{state}\n".encode())


def main(program, path, libver):
    writer = PROGRAMS[program]()
    f = h5py.File(path, "w", libver=libver)
    writer.begin(f)
    f.attrs["state"] = 0
    f.flush()
    say(0)
    state = 0
    while True:
        state += 1
        writer.step(f, state)
        f.attrs.modify("state", state)
        f.flush()
        say(state)


main(*sys.argv[1:])
