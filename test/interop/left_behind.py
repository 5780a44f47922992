"""Leaves files behind as a writer does that is killed after a flush; later reads them and goes on writing."""
import json
import os
import signal
import sys
from pathlib import Path

import h5py
import numpy as np

KINDS = {
    "earliest": {"libver": "earliest"},
    "v108": {"libver": ("v108", "v108")},
    "latest": {"libver": "latest"},
    "persist": {"libver": "latest", "fs_strategy": "fsm", "fs_persist": True},
    "paged": {"libver": ("earliest", "latest"), "fs_strategy": "page", "fs_page_size": 4096},
    "userblock": {"libver": "latest", "userblock_size": 512},
    "swmr": {"libver": "latest"},
}


def numbers(name):
    return np.arange(len(name), len(name) + 3000, dtype="<i4")


def write_and_die(path, kind, options):
    """Writes, flushes, writes more, and is gone."""
    f = h5py.File(path, "w", **options)
    if kind == "persist":
        f["gone"] = numbers("gone")
        f.close()
        f = h5py.File(path, "r+", libver="latest")
        del f["gone"]
        f.close()
        f = h5py.File(path, "r+", libver="latest")
    for i in range(20):
        f[f"group{i % 3}/flushed{i}"] = numbers(f"flushed{i}")
    f.create_dataset("grows", data=numbers("grows"), chunks=(100,), maxshape=(None,))
    if kind == "swmr":
        f.swmr_mode = True
    f.flush()
    f["grows"].resize((4000,))
    f["grows"][3000:] = 7
    if kind != "swmr":
        f["lost"] = numbers("lost")
    os.kill(os.getpid(), signal.SIGKILL)


def leave(folder):
    for kind, options in KINDS.items():
        child = os.fork()
        if child == 0:
            write_and_die(str(folder / f"{kind}.h5"), kind, options)
        os.waitpid(child, 0)


def go_on(folder):
    for kind in KINDS:
        path = str(folder / f"{kind}.h5")
        with h5py.File(path, "r+") as f:
            for i in range(20):
                assert np.array_equal(f[f"group{i % 3}/flushed{i}"], numbers(f"flushed{i}")), (kind, i)
            assert np.array_equal(f["grows"][:3000], numbers("grows")), kind
            for i in range(20):
                f[f"more{i}"] = numbers(f"more{i}")
            for i in range(0, 20, 2):
                del f[f"group{i % 3}/flushed{i}"]
        with h5py.File(path, "r") as f:
            for i in range(20):
                assert np.array_equal(f[f"more{i}"], numbers(f"more{i}")), (kind, i)
            for i in range(1, 20, 2):
                assert np.array_equal(f[f"group{i % 3}/flushed{i}"], numbers(f"flushed{i}")), (kind, i)


if sys.argv[1] == "leave":
    leave(Path(sys.argv[2]))
    print(json.dumps(list(KINDS)))
else:
    go_on(Path(sys.argv[2]))
