"""A view over many sources, and what h5py takes for it: many_sources.py make|time FOLDER COUNT. Times in milliseconds, as JSON."""
import json
import os
import sys
import time

import h5py
import numpy as np

what, folder, count = sys.argv[1], sys.argv[2], int(sys.argv[3])
os.chdir(folder)
ROW = 100


def make():
    os.mkdir("src")
    files, same = h5py.VirtualLayout((count, ROW), "<i4"), h5py.VirtualLayout((count, ROW), "<i4")
    with h5py.File("same.h5", "w") as own:
        for i in range(count):
            data = np.arange(ROW, dtype="<i4") + i
            with h5py.File(f"src/{i}.h5", "w") as f:
                f["d"] = data
            own[f"g/{i}"] = data
            files[i] = h5py.VirtualSource(f"src/{i}.h5", "d", shape=(ROW,))
            same[i] = h5py.VirtualSource("same.h5", f"g/{i}", shape=(ROW,))
        own.create_virtual_dataset("v", same)
    with h5py.File("files.h5", "w") as f:
        f.create_virtual_dataset("v", files)


def timed(use, repeat=1):
    best = float("inf")
    for _ in range(repeat):
        start = time.perf_counter()
        use()
        best = min(best, time.perf_counter() - start)
    return best * 1000


def measure(name):
    found = {}
    f = h5py.File(name)
    opened = []
    found["open"] = timed(lambda: opened.append(f["v"]))
    v = opened[0]
    found["first element"] = timed(lambda: v[count // 2, 5])
    found["element"] = timed(lambda: v[count // 2, 6], 500)
    rows = iter(range(count // 3, count))
    found["another row"] = timed(lambda: v[next(rows)], 50)
    found["all"] = timed(lambda: v[()])
    f.close()
    return found


if what == "make":
    make()
else:
    print(json.dumps({name: measure(name) for name in ("same.h5", "files.h5")}))
