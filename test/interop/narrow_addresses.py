"""Makes files with narrow addresses and lengths, and later reads what h5ts put into them."""
import json
import sys
from pathlib import Path

import h5py
import numpy as np

WIDTHS = [(2, 2), (2, 4), (4, 4), (4, 8)]


def make(folder):
    for offsets, lengths in WIDTHS:
        for libver in ("earliest", "latest"):
            plist = h5py.h5p.create(h5py.h5p.FILE_CREATE)
            plist.set_sizes(offsets, lengths)
            access = h5py.h5p.create(h5py.h5p.FILE_ACCESS)
            if libver == "latest":
                access.set_libver_bounds(h5py.h5f.LIBVER_LATEST, h5py.h5f.LIBVER_LATEST)
            path = folder / f"{offsets}-{lengths}-{libver}.h5"
            f = h5py.File(h5py.h5f.create(str(path).encode(), fcpl=plist, fapl=access))
            f["mine"] = np.arange(100, dtype="<i4")
            f.close()


def check(folder):
    for path in sorted(folder.glob("*.h5")):
        names = json.loads(path.with_suffix(".json").read_text())
        with h5py.File(path, "r") as f:
            assert set(f.keys()) == {"mine", *names}, path
            assert np.array_equal(f["mine"], np.arange(100)), path
            for i, name in enumerate(names):
                assert np.array_equal(f[name], np.arange(i, i + 1000)), (path, name)


{"make": make, "check": check}[sys.argv[1]](Path(sys.argv[2]))
