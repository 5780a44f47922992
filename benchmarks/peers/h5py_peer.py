#!/usr/bin/env python3
"""h5py: the workloads in Python. Not called h5py.py, which would hide the module.   usage: python_h5py.py DATA --one=WORKLOAD"""
import json
import os
import resource
import statistics
import sys
import time

import h5py

try:
    import hdf5plugin  # noqa: F401  (W6)
except ImportError:
    pass

FOLDER = sys.argv[1]
PROBE = []
WHOLE = ["W1_contig", "W2a_chunk1M", "W2b_chunk64K", "W2c_chunkCube", "W3a_gzip4_1M", "W3b_gzip4_64K", "W4_gzip4_shuf",
         "W5_lzf_shuf", "W6_bitshuffle", "W6_blosc_lz4", "W6_blosc_zstd", "W6_lz4", "W6_zstd", "W8_compound", "W12_i64", "W12_bef64", "W13e_btree1", "W13f_fixedarr", "W13x_extarr"]
CROPS = dict(contig="W1_contig", c1M="W2a_chunk1M", c64K="W2b_chunk64K", cube="W2c_chunkCube", gz64K="W3b_gzip4_64K",
             gz1M="W3a_gzip4_1M")
IMAGES = dict(contig="W1_contig", c1M="W2a_chunk1M", c64K="W2b_chunk64K", gzimg="W3c_gzip4_img", gz1M="W3a_gzip4_1M")


def over(name, use):
    def body():
        with h5py.File(os.path.join(FOLDER, name + ".h5"), "r") as f:
            return use(f)
    return body


def whole(f):
    values = f["data"][...]
    PROBE[:] = [str(values.reshape(-1)[777])[:60]]
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
        return int(total)
    return use


def walk(f):
    total = 0
    for outer in f.keys():
        group = f[outer]
        for name in group.keys():
            attrs = group[name].attrs
            total += attrs["index"] + attrs["scale"] + len(attrs["units"])
    return int(total)


def places(local):
    x, out = 12345, []
    for i in range(20000):
        x = (1664525 * x + 1013904223) & 0xFFFFFFFF
        a = x >> 8
        x = (1664525 * x + 1013904223) & 0xFFFFFFFF
        b = x >> 8
        out.append((((i >> 4) + a % 64) % 4096, ((i >> 3) % 3824) + b % 240) if local else (a % 4096, b % 4080))
    return out


def random(local):
    spots = places(local)
    return over("W11_random", lambda f: reads(f["data"], spots))


def reads(dataset, spots):
    return sum(dataset[row, column:column + 16].nbytes for row, column in spots)


def write(frames, **options):
    """Writes images into a new file, as the other peers do; their reading is not measured."""
    data = []

    def body():
        if not data:
            with h5py.File(os.path.join(FOLDER, "W1_contig.h5"), "r") as f:
                data.append(f["data"][:frames])
        path = os.path.join(FOLDER, "written_by_h5py.h5")
        with h5py.File(path, "w") as f:
            f.create_dataset("data", data=data[0], chunks=(4, 256, 256), **options)
        os.remove(path)
        return data[0].nbytes
    return body


def gzip(level, **options):
    return dict(compression="gzip", compression_opts=level, **options)


WORKLOADS = {name: over(name, whole) for name in WHOLE}
WORKLOADS |= {
    "X3_gzip1": write(248, **gzip(1)),
    "X3_gzip4": write(248, **gzip(4)),
    "X3_gzip9": write(64, **gzip(9)),
    "X4_lzf": write(248, compression="lzf"),
    "X4_shuf_gzip4": write(248, **gzip(4, shuffle=True)),
    "X4_shuf_lzf": write(248, compression="lzf", shuffle=True),
}
WORKLOADS |= {f"W10_crop_{k}": over(n, lambda f: f["data"][:, 64:192, 64:192].nbytes) for k, n in CROPS.items()}
WORKLOADS |= {f"W10_img200_{k}": over(n, lambda f: (lambda d: sum(d[i * 37 % 1000].nbytes for i in range(200)))(f["data"]))
              for k, n in IMAGES.items()}
WORKLOADS |= {f"{n}_first": over(n, lambda f: f["data"][2_000_000:2_000_004].nbytes)
              for n in ("W13e_btree1", "W13f_fixedarr", "W13x_extarr")}
WORKLOADS |= {
    "W10_fancy50_c1M": over("W2a_chunk1M", lambda f: f["data"][list(range(0, 1000, 20))].nbytes),
    "W7e_open": over("W7e_small", opened(False)),
    "W7l_open": over("W7l_small", opened(False)),
    "W7e_data": over("W7e_small", opened(True)),
    "W7l_data": over("W7l_small", opened(True)),
    "W7g_walk": over("W7g_groups", walk),
    "W8_column_t": over("W8_compound", lambda f: f["data"]["t"].nbytes),
    "W9_vlen_str": over("W9_vlen", lambda f: sum(map(len, f["data"].asstr()[...]))),
    "W11_local": random(True),
    "W11_uniform": random(False),
    "W14_pandas": over("W14_pandas", lambda f: f["df/table"][...].nbytes),
}


def measure(body):
    walls, cpus, budget, count = [], [], 2.0, 0
    for i in range(-1, 5):
        cpu, start = time.process_time(), time.perf_counter()
        count = body()
        wall, used = time.perf_counter() - start, time.process_time() - cpu
        if i >= 0 or wall > 15:
            walls.append(wall)
            cpus.append(used)
            budget -= wall
        if wall > 15 or (len(walls) >= 3 and budget < 0):
            break
    return dict(seconds=round(statistics.median(walls), 6), cpu=round(statistics.median(cpus), 6), min=round(min(walls), 6),
                runs=len(walls), bytes=int(count), peak_rss=resource.getrusage(resource.RUSAGE_SELF).ru_maxrss * 1024)


def main(name):
    line = dict(peer="h5py", variant=h5py.__version__, workload=name)
    try:
        line.update(measure(WORKLOADS[name]))
        line.update(probe=PROBE[0] if PROBE else None)
    except Exception as e:
        line["unsupported"] = "no such call" if isinstance(e, KeyError) and name not in WORKLOADS else repr(e)[:160]
    print(json.dumps(line))


if __name__ == "__main__":
    main(next(a for a in sys.argv if a.startswith("--one="))[6:])
