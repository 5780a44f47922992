#!/usr/bin/env python3
"""h5py: the workloads in Python, commanded by lines as peers/serve.ts is. Not called h5py.py, which would hide the module.

usage: h5py_peer.py DATA [--one=WORKLOAD [--runs=N]]
"""
import gc
import json
import math
import os
import resource
import sys
import time

import h5py
import numpy as np

try:
    import hdf5plugin  # noqa: F401  (W6)
except ImportError:
    pass

FOLDER = sys.argv[1]
HERE = os.path.dirname(os.path.abspath(__file__))
SIZES = json.load(open(os.path.join(HERE, "../sizes.json")))
if os.path.exists(os.path.join(FOLDER, "sizes.json")):
    SIZES |= json.load(open(os.path.join(FOLDER, "sizes.json")))
FRAMES, MATRIX = SIZES["frames"], SIZES["matrix"]
WRITTEN = os.path.join(FOLDER, "written-h5py.h5")
PROBE = []
WHOLE = ["W1_contig", "W2a_chunk1M", "W2b_chunk64K", "W2c_chunkCube", "W3a_gzip4_1M", "W3b_gzip4_64K", "W4_gzip4_shuf",
         "W5_lzf_shuf", "W6_bitshuffle", "W6_blosc_lz4", "W6_blosc_zstd", "W6_lz4", "W6_zstd", "W8_compound", "W12_i64",
         "W12_bef64", "W13e_btree1", "W13f_fixedarr", "W13x_extarr"]
CROPS = dict(contig="W1_contig", c1M="W2a_chunk1M", c64K="W2b_chunk64K", cube="W2c_chunkCube", gz64K="W3b_gzip4_64K",
             gz1M="W3a_gzip4_1M")
IMAGES = dict(contig="W1_contig", c1M="W2a_chunk1M", c64K="W2b_chunk64K", gzimg="W3c_gzip4_img", gz1M="W3a_gzip4_1M")


def sample(values):
    """Elements spread over all that was read."""
    flat = values.reshape(-1) if isinstance(values, np.ndarray) else values
    last = len(flat) - 1
    found = [flat[last * i // 8] for i in range(9)]
    PROBE[:] = [v if isinstance(v, str) else v.item() if hasattr(v, "item") else v for v in found]


def over(name, use):
    """Opens the file in each run, as every peer does, and closes it."""
    def prepare():
        def body():
            with h5py.File(os.path.join(FOLDER, name + ".h5"), "r") as f:
                return use(f)
        return body
    return prepare


def noted(values):
    sample(values["t"] if values.dtype.names and "t" in values.dtype.names else
           values["index"] if values.dtype.names else values)
    return values.nbytes


def opened(with_data):
    def use(f):
        total, group = 0, f["g"]
        for name in group.keys():
            dataset = group[name]
            attrs = dataset.attrs
            total += dataset.shape[0] + attrs["index"] + attrs["scale"] + len(attrs["units"])
            if with_data:
                total += dataset[...][0]
        PROBE[:] = [float(total)]
        return int(total)
    return use


def walk(f):
    total = 0
    for outer in f.keys():
        group = f[outer]
        for name in group.keys():
            attrs = group[name].attrs
            total += attrs["index"] + attrs["scale"] + len(attrs["units"])
    PROBE[:] = [float(total)]
    return int(total)


def places(local):
    x, out, last = 12345, [], MATRIX - 16
    for i in range(SIZES["reads"]):
        x = (1664525 * x + 1013904223) & 0xFFFFFFFF
        a = x >> 8
        x = (1664525 * x + 1013904223) & 0xFFFFFFFF
        b = x >> 8
        out.append((((i >> 4) + a % 64) % MATRIX, ((i >> 3) % max(1, last - 256)) + b % min(240, last)) if local
                   else (a % MATRIX, b % last))
    return out


def random(local):
    def prepare():
        spots = places(local)

        def use(f):
            dataset, total, values = f["data"], 0, None
            for row, column in spots:
                values = dataset[row, column:column + 16]
                total += values.nbytes
            sample(values)
            return total
        return over("W11_random", use)()
    return prepare


def images(f):
    dataset, total, values = f["data"], 0, None
    for i in range(SIZES["images"]):
        values = dataset[i * 37 % FRAMES]
        total += values.nbytes
    sample(values)
    return total


def fancy(f):
    step = FRAMES // SIZES["listed"]
    values = f["data"][[i * step for i in range(SIZES["listed"])]]
    sample(values[-1])
    return values.nbytes


def texts(f):
    values = f["data"].asstr()[...]
    sample(list(values[[(len(values) - 1) * i // 8 for i in range(9)]]))
    return sum(map(len, values))


def first(f):
    middle = 4 * (SIZES["chunks"] // 2)
    return noted(f["data"][middle:middle + 4])


def write(fill):
    with h5py.File(WRITTEN, "w") as f:
        return fill(f)


def frames(count, **options):
    """Writes images into a new file, as the other peers do; their reading is not measured."""
    def prepare():
        with h5py.File(os.path.join(FOLDER, "W1_contig.h5"), "r") as f:
            data = f["data"][:min(count, FRAMES)]

        def fill(f):
            f.create_dataset("data", data=data, **options)
            return data.nbytes
        return lambda: write(fill)
    return prepare


def appending(batches, rows):
    def prepare():
        data = np.full((rows, 100), 1.5, "f4")

        def fill(f):
            dataset = f.create_dataset("data", data=data, maxshape=(None, 100), chunks=(256, 100))
            for i in range(1, batches):
                dataset.resize(((i + 1) * rows, 100))
                dataset[i * rows:(i + 1) * rows] = data
            return batches * data.nbytes
        return lambda: write(fill)
    return prepare


def creating():
    def fill(f):
        data, group = np.zeros(10, "f4"), f.create_group("g")
        for i in range(SIZES["objects"]):
            attrs = group.create_dataset(f"d{i:05}", data=data).attrs
            attrs["index"], attrs["scale"], attrs["units"] = np.int32(i), np.float64(i * 0.5), np.bytes_("counts")
        return SIZES["objects"]
    return lambda: write(fill)


def strings():
    values = [f"string number {i}{'x' * (i % 17)}" for i in range(SIZES["texts"])]

    def fill(f):
        f.create_dataset("data", data=values, dtype=h5py.string_dtype("utf-8"))
        return len(values)
    return lambda: write(fill)


def table():
    dtype = [("id", "<i4"), ("t", "<f8"), ("name", "S20"), ("x", "<f4"), ("y", "<f4"), ("flag", "u1")]
    rows, i = np.zeros(SIZES["rows"], dtype), np.arange(SIZES["rows"])
    rows["id"], rows["t"], rows["x"], rows["y"], rows["flag"] = i, i * 0.001, np.sin(i), np.cos(i), i % 7
    rows["name"] = np.array([b"row-%06d" % k for k in range(997)], "S20")[i % 997]

    def fill(f):
        f.create_dataset("data", data=rows)
        return rows.nbytes
    return lambda: write(fill)


MB = dict(chunks=(4, 256, 256))
SOME, FEW = SIZES["writtenFrames"], SIZES["slowFrames"]


def gzip(level, **options):
    return dict(compression="gzip", compression_opts=level, **MB, **options)


WORKLOADS = {name: over(name, lambda f: noted(f["data"][...])) for name in WHOLE}
WORKLOADS |= {f"W10_crop_{k}": over(n, lambda f: noted(f["data"][:, 64:192, 64:192])) for k, n in CROPS.items()}
WORKLOADS |= {f"W10_img200_{k}": over(n, images) for k, n in IMAGES.items()}
WORKLOADS |= {f"{n}_first": over(n, first) for n in ("W13e_btree1", "W13f_fixedarr", "W13x_extarr")}
WORKLOADS |= {
    "W7e_open": over("W7e_small", opened(False)),
    "W7l_open": over("W7l_small", opened(False)),
    "W7e_data": over("W7e_small", opened(True)),
    "W7l_data": over("W7l_small", opened(True)),
    "W7g_walk": over("W7g_groups", walk),
    "W8_column_t": over("W8_compound", lambda f: noted(f["data"]["t"])),
    "W9_vlen_str": over("W9_vlen", texts),
    "W10_fancy50_c1M": over("W2a_chunk1M", fancy),
    "W11_local": random(True),
    "W11_uniform": random(False),
    "W12_bef64_native": over("W12_bef64", lambda f: noted(f["data"].astype("<f8")[...])),
    "W14_pandas": over("W14_pandas", lambda f: noted(f["df/table"][...])),
    "X1_contig": frames(FRAMES),
    "X2_chunk_none": frames(FRAMES, **MB),
    "X3_gzip1": frames(SOME, **gzip(1)),
    "X3_gzip4": frames(SOME, **gzip(4)),
    "X3_gzip9": frames(FEW, **gzip(9)),
    "X4_lzf": frames(SOME, compression="lzf", **MB),
    "X4_shuf_gzip4": frames(SOME, **gzip(4, shuffle=True)),
    "X4_shuf_lzf": frames(SOME, compression="lzf", shuffle=True, **MB),
    "X5_append_rows": appending(SIZES["appends"], 1),
    "X6_append_batches": appending(SIZES["batches"], 100),
    "X7_create": creating,
    "X8_vlen": strings,
    "X9_compound": table,
}


def refusing(name):
    """Whether a read of a file that cannot be read is refused, or gives other data."""
    def body():
        try:
            over(name, lambda f: f["data"][...])()()
            PROBE[:] = ["data"]
        except Exception:
            PROBE[:] = ["error"]
        return 0
    return lambda: body


WORKLOADS |= {name: refusing(name) for name in ("F_damaged", "F_cut", "F_unknown_filter")}


def attributes_all(f):
    attrs = f["g"].attrs
    return sum(int(attrs[name]) for name in attrs)


CURVES = dict(
    objects_one=lambda f, n: int(f[f"g/d{n >> 1}"][0]),
    objects_all=lambda f, n: sum(f["g"][name].shape[0] for name in f["g"]),
    chunks_one=lambda f, n: int(f["data"][2 * n:2 * n + 4][0]),
    chunks_all=lambda f, n: int(f["data"][...][-1]),
    attributes_one=lambda f, n: int(f["g"].attrs[f"a{n >> 1}"]),
    attributes_all=lambda f, n: attributes_all(f),
    bytes_all=lambda f, n: f["data"][...].size,
)


def curve(name):
    """Workloads of cost curves, as peers/h5ts/curves.ts."""
    _, kind, which, n = name.split("_")

    def use(f):
        total = CURVES[f"{kind}_{which}"](f, int(n))
        PROBE[:] = [total]
        return total
    return over(f"{kind}_{n}", use)


class Server:
    body, name = None, ""

    def prepare(self, name):
        PROBE.clear()
        self.body, self.name = None, name
        if name not in WORKLOADS and not name.startswith("C_"):
            return dict(unsupported="no such call")
        self.body = WORKLOADS[name]() if name in WORKLOADS else curve(name)()
        return dict(ready=True, version=h5py.__version__)

    def run(self):
        gc.collect()
        cpu, start, runs, spent = time.process_time(), time.perf_counter(), 0, 0
        while runs == 0 or (spent < 0.02 and runs < 20):  # as peers/serve.ts
            count = self.body()
            runs, spent = runs + 1, time.perf_counter() - start
        used = time.process_time() - cpu
        return dict(wall=spent * 1000 / runs, cpu=used * 1000 / runs, bytes=int(count))

    def end(self):
        self.body = None
        probe = [v for v in PROBE if not (isinstance(v, float) and math.isnan(v))]
        answer = dict(probe=probe or None, peak_rss=resource.getrusage(resource.RUSAGE_SELF).ru_maxrss * 1024)
        return answer | (dict(written=WRITTEN) if self.name.startswith("X") else {})

    def answer(self, line):
        command, _, workload = line.strip().partition(" ")
        try:
            return self.prepare(workload) if command == "prepare" else self.run() if command == "run" else self.end()
        except Exception as e:
            return dict(unsupported=repr(e)[:160])


def main():
    server = Server()
    options = dict(a[2:].split("=", 1) for a in sys.argv[2:])
    alone = ["prepare " + options["one"], *["run"] * int(options.get("runs", 5)), "end"] if "one" in options else None
    for line in alone or sys.stdin:
        print(json.dumps(server.answer(line)), flush=True)


if __name__ == "__main__":
    main()
