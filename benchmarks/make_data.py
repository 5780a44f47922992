#!/usr/bin/env python3
"""Makes the files that the benchmarks read.

usage: make_data.py DIR [NAME...]      all of them take about 2 GB and some minutes; those that exist are kept

Sizes are those of DIR/sizes.json; without one, of the sizes.json beside this file.
"""
import json
import os
import sys
import time

import h5py
import numpy as np

HERE = os.path.dirname(os.path.abspath(__file__))
SIZES = json.load(open(os.path.join(HERE, "sizes.json")))
if len(sys.argv) > 1 and os.path.exists(os.path.join(sys.argv[1], "sizes.json")):
    SIZES |= json.load(open(os.path.join(sys.argv[1], "sizes.json")))
FRAMES, SIDE, MATRIX = SIZES["frames"], 256, SIZES["matrix"]  # 1000 frames are 262 MB of float32
SMALL = SIZES["objects"]
TABLE = np.dtype([("id", "<i4"), ("t", "<f8"), ("name", "S20"), ("x", "<f4"), ("y", "<f4"), ("flag", "u1")])


def images():
    """Frames of a detector: a spot that wanders over a sloping ground, and noise; gzip 4 makes them a third."""
    rng = np.random.default_rng(42)
    y, x = np.mgrid[0:SIDE, 0:SIDE].astype(np.float32)
    noise = np.rint(rng.normal(0, 5.0, (16, SIDE, SIDE))).astype(np.float32)
    out = np.empty((FRAMES, SIDE, SIDE), np.float32)
    for i in range(FRAMES):
        cx, cy = 128 + 60 * np.sin(i / 70.0), 128 + 60 * np.cos(i / 50.0)
        spot = 900 * np.exp(-((x - cx) ** 2 + (y - cy) ** 2) / 1800.0) + 0.3 * x + 40 + i * 0.01
        out[i] = np.rint(spot) + np.roll(noise[i % 16], (i * 7) % 251, axis=1)
    return out


def matrix():
    """The images as one, where there are enough of them; else again and again."""
    values = Cached.get().reshape(-1)
    return np.resize(values, MATRIX * MATRIX).reshape(MATRIX, MATRIX)


class Cached:
    """The images, made when first needed."""
    value = None

    @classmethod
    def get(cls):
        if cls.value is None:
            cls.value = images()
        return cls.value


def dataset(path, make, libver="earliest", **options):
    with h5py.File(path, "w", libver=libver) as f:
        f.create_dataset("data", data=make(), **options)


def describe(obj, i):
    obj.attrs["index"] = np.int32(i)
    obj.attrs["scale"] = np.float64(i * 0.5)
    obj.attrs["units"] = np.bytes_("counts")


def small_datasets(path, libver):
    with h5py.File(path, "w", libver=libver) as f:
        group, values = f.create_group("g"), np.arange(10, dtype="f4")
        for i in range(SMALL):
            describe(group.create_dataset(f"d{i:05}", data=values + i), i)


def small_groups(path):
    with h5py.File(path, "w", libver="earliest") as f:
        for i in range(SMALL):
            describe(f.create_group(f"g{i // 100:02}/h{i:05}"), i)


def plugin(name, **options):
    """Half of the images by a filter of hdf5plugin."""
    import hdf5plugin
    return lambda p: dataset(p, lambda: Cached.get()[:SIZES["pluginFrames"]], chunks=MB, **getattr(hdf5plugin, name)(**options))


def table():
    rows, i = np.zeros(SIZES["rows"], TABLE), np.arange(SIZES["rows"])
    rows["id"], rows["t"], rows["x"], rows["y"], rows["flag"] = i, i * 0.001, np.sin(i), np.cos(i), i % 7
    rows["name"] = np.array([b"row-%06d" % k for k in range(997)], "S20")[i % 997]
    return rows


def texts(path):
    with h5py.File(path, "w") as f:
        values = [f"string number {i}{'x' * (i % 17)}" for i in range(SIZES["texts"])]
        f.create_dataset("data", data=values, dtype=h5py.string_dtype("utf-8"))


def pandas_table(path):
    import pandas as pd
    i = np.arange(SIZES["tableRows"])
    columns = {"a": i, "b": i * 0.5, "c": np.sin(i), "d": (i % 5).astype("i4"),
               "s": np.array(["alpha", "beta", "gamma", "delta"])[i % 4]}
    pd.DataFrame(columns).to_hdf(path, key="df", format="table", mode="w")


def tiny_chunks():
    return np.arange(4 * SIZES["chunks"], dtype="<i4")


GZIP = dict(compression="gzip", compression_opts=4)
MB, KB64 = (4, 256, 256), (1, 128, 128)
FILES = {
    "W1_contig": lambda p: dataset(p, Cached.get),
    "W2a_chunk1M": lambda p: dataset(p, Cached.get, chunks=MB),
    "W2b_chunk64K": lambda p: dataset(p, Cached.get, chunks=KB64),
    "W2c_chunkCube": lambda p: dataset(p, Cached.get, chunks=(min(100, FRAMES), 64, 64)),
    "W3a_gzip4_1M": lambda p: dataset(p, Cached.get, chunks=MB, **GZIP),
    "W3b_gzip4_64K": lambda p: dataset(p, Cached.get, chunks=KB64, **GZIP),
    "W3c_gzip4_img": lambda p: dataset(p, Cached.get, chunks=(1, 256, 256), **GZIP),
    "W4_gzip4_shuf": lambda p: dataset(p, Cached.get, chunks=MB, shuffle=True, **GZIP),
    "W5_lzf_shuf": lambda p: dataset(p, Cached.get, chunks=MB, compression="lzf", shuffle=True),
    "W6_bitshuffle": plugin("Bitshuffle", cname="lz4"),
    "W6_blosc_lz4": plugin("Blosc", cname="lz4", clevel=5, shuffle=1),
    "W6_blosc_zstd": plugin("Blosc", cname="zstd", clevel=5, shuffle=1),
    "W6_lz4": plugin("LZ4"),
    "W6_zstd": plugin("Zstd", clevel=3),
    "W7e_small": lambda p: small_datasets(p, "earliest"),
    "W7l_small": lambda p: small_datasets(p, "latest"),
    "W7g_groups": small_groups,
    "W8_compound": lambda p: dataset(p, table),
    "W9_vlen": texts,
    "W11_random": lambda p: dataset(p, lambda: matrix(), chunks=(128, 128), **GZIP),
    "W12_i64": lambda p: dataset(p, lambda: np.arange(SIZES["integers"], dtype="<i8")),
    "W12_bef64": lambda p: dataset(p, lambda: np.arange(SIZES["integers"], dtype=">f8")),
    "W13e_btree1": lambda p: dataset(p, tiny_chunks, chunks=(4,)),
    "W13f_fixedarr": lambda p: dataset(p, tiny_chunks, libver="latest", chunks=(4,)),
    "W13x_extarr": lambda p: dataset(p, tiny_chunks, libver="latest", chunks=(4,), maxshape=(None,)),
    "W14_pandas": pandas_table,
}

if __name__ == "__main__":
    folder, names = sys.argv[1], sys.argv[2:] or list(FILES)
    os.makedirs(folder, exist_ok=True)
    for name in names:
        path, start = os.path.join(folder, name + ".h5"), time.time()
        if not os.path.exists(path):
            FILES[name](path + ".part")
            os.rename(path + ".part", path)
        print(f"{name:16} {os.path.getsize(path) / 1e6:7.1f} MB {time.time() - start:6.1f} s", flush=True)
