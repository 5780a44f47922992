"""MB/s, by the processor's time, of libhdf5's and hdf5plugin's filters on the chunks that run.ts made.

usage: python native.py FOLDER     (prints JSON, one object for each line of FOLDER/lines.json)
"""

import json
import pathlib
import sys
import time

import h5py
import numpy as np

sys.path.insert(0, str(pathlib.Path(__file__).resolve().parents[2] / "test" / "interop"))
from filters import add_filter  # noqa: E402


def measure(run):
    run()
    best, end, n = 1e9, time.perf_counter() + 0.4, 0
    while n < 3 or time.perf_counter() < end:
        start = time.process_time()
        run()
        best = min(best, time.process_time() - start)
        n += 1
    return best


def bench(line, folder):
    data = np.frombuffer((folder / f"{line['data']}.bin").read_bytes(), line["dtype"]).reshape(1024, -1)
    kind = h5py.h5t.py_create(data.dtype).copy()
    if line["data"] == "bits":
        kind.set_precision(17)
    plist = h5py.h5p.create(h5py.h5p.DATASET_CREATE)
    plist.set_chunk(data.shape)
    add_filter(plist, line["filter"], line["options"], data.dtype.kind == "f")
    access = h5py.h5p.create(h5py.h5p.DATASET_ACCESS)
    access.set_chunk_cache(1, 0, 0)  # every read decodes
    with h5py.File("bench", "w", driver="core", backing_store=False) as file:
        space = h5py.h5s.create_simple(data.shape)
        dataset = h5py.h5d.create(file.id, b"d", kind, space, plist, dapl=access)
        out = np.empty_like(data)
        encode = measure(lambda: dataset.write(h5py.h5s.ALL, h5py.h5s.ALL, data, mtype=kind))
        file.flush()
        decode = measure(lambda: dataset.read(h5py.h5s.ALL, h5py.h5s.ALL, out, mtype=kind))
        size = dataset.get_storage_size()
    return {"decode": data.nbytes / decode / 1e6, "encode": data.nbytes / encode / 1e6, "ratio": data.nbytes / size}


if __name__ == "__main__":
    base = pathlib.Path(sys.argv[1])
    print(json.dumps([bench(line, base) for line in json.loads((base / "lines.json").read_text())]))
