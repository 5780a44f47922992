"""Makes files with links of all kinds, and checks them after h5ts has changed them: then libhdf5 changes them further."""
import sys
from pathlib import Path

import h5py
import numpy as np

KINDS = {
    "earliest": {"libver": "earliest"},
    "v108": {"libver": ("v108", "v108")},
    "latest": {"libver": "latest"},
    "pages": {"libver": "latest", "fs_strategy": "page", "fs_persist": True, "fs_page_size": 16384},
    "userblock": {"libver": "earliest", "userblock_size": 512},
}


def make(path, kind):
    with h5py.File(path, "w", **KINDS[kind]) as f:
        for g, count in enumerate([3, 20, 200]):
            group = f.create_group(f"g{g}", track_order=g == 1)
            for i in range(count):
                group.create_dataset(f"d{i}", data=np.arange(i % 7 + 1, dtype="i4")).attrs["a"] = i
        f["g0/é"] = h5py.SoftLink("/g1/d0")
        f["ext"] = h5py.ExternalLink("o.h5", "/x")
        f["g2/hard"] = f["g0/d0"]
        kind = np.dtype([("a", "i4"), ("b", "f8")])
        f["type"] = kind
        uses = f.create_dataset("uses", (3,), dtype=f["type"])
        uses.attrs.create("at", np.zeros(2, dtype=kind), dtype=f["type"])
        f["g0"].create_dataset("chunks", data=np.zeros((10, 10)), chunks=(3, 3), compression="gzip")
        f.create_group("few")


def count(item):
    return h5py.h5o.get_info(item.id).rc


def check(path):
    with h5py.File(path, "r+") as f:
        left = [f"d{i}" for i in range(1, 200, 2)]
        moved = [f"moved {i}" for i in range(0, 20, 2)]
        assert sorted(f["g2"]) == sorted(left + ["hard", "ext"] + moved), sorted(f["g2"])
        for i in range(1, 200, 2):
            data = f[f"g2/d{i}"]
            assert np.array_equal(data[()], np.arange(i % 7 + 1)) and data.attrs["a"] == i, i
        assert list(f["g1"]) == [f"moved {i}" for i in range(1, 20, 2)], list(f["g1"])
        assert list(f["few"]) == [f"s{i}" for i in range(1, 6)], list(f["few"])
        assert "uses" not in f and count(f["type"]) == 1, count(f["type"])
        assert count(f) == 2 and count(f["g0/d0"]) == 2
        assert f["made/up/g0/new 49"].shape == (50,)
        assert f.get("g2/ext", getlink=True).path == "/y"
        assert f.get("g0/é", getlink=True).path == "/g1/d0"
        for name in left:
            del f["g2"][name]
        for i in range(100):
            f.create_group(f"g0/later {i}")
        for name in ("made/up", "g0", "few"):
            del f[name]
        f["g1"].create_dataset("again", data=np.arange(1000))
    with h5py.File(path) as f:
        assert sorted(f) == ["ext", "g1", "g2", "made", "type"], sorted(f)
        assert np.array_equal(f["g1/again"][()], np.arange(1000))


if __name__ == "__main__":
    task, folder = sys.argv[1], Path(sys.argv[2])
    for kind in KINDS:
        make(folder / f"{kind}.h5", kind) if task == "make" else check(folder / f"{kind}.h5")
