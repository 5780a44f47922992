"""Reads every file that the programs of examples/ wrote, with h5py and with the clients of each field.

usage: examples.py FOLDER          prints, as JSON, what was seen of each file
       examples.py FOLDER --make   writes a file of each field with its own client, for h5ts to read
"""

import json
import sys
from pathlib import Path

import h5py
import hdf5plugin  # noqa: F401, for zstd
import numpy as np

folder = Path(sys.argv[1])


def everything(path):
    """Paths of all objects; every value and every attribute is read."""
    seen = []

    def visit(name, item):
        seen.append(name)
        dict(item.attrs)
        # 20 GB of which one chunk is stored.
        if isinstance(item, h5py.Dataset) and item.nbytes < 2**28 and item.shape is not None:
            item[()]

    with h5py.File(path, "r") as f:
        f.visititems(visit)
    return sorted(seen)


def experiment():
    with h5py.File(folder / "experiment.h5") as f:
        a = f.attrs
        return [a["title"], a["temperature"], a["exposures"].tolist(), bool(a["calibrated"]), "tags" in a, f["raw/counts"][:].tolist()]


def types():
    with h5py.File(folder / "types.h5") as f:
        stars = f["stars"][:]
        return {
            "dtypes": {k: str(v.dtype) for k, v in f["numbers"].items()},
            "bool": f["bool"][:].tolist(),
            "complex": [str(z) for z in f["numbers/complex"][:]],
            "text": f["text/variable"].asstr()[:].tolist() + [f["text/single"].asstr()[()]],
            "stars": [stars["name"].astype(str).tolist(), stars["position"].tolist()],
            "enum": h5py.check_enum_dtype(f["enum"].dtype),
            "ragged": [v.tolist() for v in f["ragged"][:]],
            "pointers": [f[r].name for r in f["pointers"][:]],
            "empty": isinstance(f.attrs["nothing"], h5py.Empty),
            "named": str(f["star_t"].dtype.names),
        }


def tree():
    with h5py.File(folder / "tree.h5") as f:
        d = f["latest/images"]
        return [d.shape, str(d.dtype), d.chunks, d.compression, d.shuffle, f["run1/clock"] == f["run2/times"], f.get("elsewhere", getlink=True).filename]


def compression():
    with h5py.File(folder / "compression.h5") as f:
        first = f["none"][:]
        return {k: [d.compression, bool((d[:] == first).all())] for k, d in f.items()}


def growing():
    with h5py.File(folder / "growing.h5") as f, h5py.File(folder / "stream.h5") as s:
        return [f["log"][:].tolist(), f["log"].maxshape, f["events"].asstr()[:].tolist(), s["signal"].shape, float(s["signal"][999])]


def virtual():
    with h5py.File(folder / "all.h5") as f:
        return [f["stacked"].is_virtual, f["stacked"][:, 5].tolist(), f["joined"][8::10].tolist()]


def chunking():
    with h5py.File(folder / "chunking.h5") as f:
        huge = f["huge"]
        same = all((f[n][:] == f["whole"][:]).all() for n in ("rows", "columns", "tiles", "auto"))
        return [bool(same), huge.shape, huge.chunks, int(huge[5000, 3, 3]), int(huge[0, 0, 0])]


def matlab():
    import mat73

    found = mat73.loadmat(folder / "matlab.mat")
    return {k: v.tolist() if isinstance(v, np.ndarray) else v for k, v in found.items() if k != "camera"} | {
        "gain": float(found["camera"]["gain"]),
        "serial": found["camera"]["serial"],
    }


def netcdf():
    import netCDF4
    import xarray

    with netCDF4.Dataset(folder / "air.nc") as f:
        air = f["air"][:]
        by_netcdf4 = [f.dimensions["time"].isunlimited(), f["air"].dimensions, int(air.mask.sum()), round(float(air.max()), 2)]
    with xarray.open_dataset(folder / "air.nc") as d:
        by_xarray = [str(d["time"].values[1]), round(float(d["air"].sel(lat=50, lon=10).isel(time=1)), 2)]
    return [by_netcdf4, by_xarray]


def anndata():
    import anndata

    a = anndata.read_h5ad(folder / "cells.h5ad")
    return [a.shape, a.X.toarray().tolist(), a.obs["cell_type"].tolist(), a.obs["cell_type"].dtype.name, a.var_names.tolist(), a.obsm["X_pca"].shape]


def nwb():
    import pynwb

    with pynwb.NWBHDF5IO(folder / "session.nwb", "r") as io:
        session = io.read()
        series = session.acquisition["membrane"]
        seen = [session.session_description, series.rate, series.unit, series.data.shape]
    return seen + [[str(e) for e in pynwb.validate(path=str(folder / "session.nwb"))]]


def nexus():
    from nexusformat.nexus import nxload

    root = nxload(folder / "powder.nxs")
    data = root.get_default()
    return [type(data).__name__, data.nxsignal.nxname, [a.nxname for a in data.nxaxes], float(data.nxsignal.nxdata.max())]


def models():
    with h5py.File(folder / "state.h5") as f, h5py.File(folder / "keras.weights.h5") as k:
        names = [n.decode() if isinstance(n, bytes) else n for n in k.attrs["layer_names"]]
        return [f["fc1.bias"][:].tolist(), f["fc1.weight"].shape, int(f["norm.num_batches_tracked"][()]), names]


def pandas_frames():
    import pandas

    metals = pandas.read_hdf(folder / "frames.h5", "metals", where="price > 9")
    fixed = pandas.read_hdf(folder / "frames.h5", "fixed")
    return [metals["name"].tolist(), str(metals["day"].iloc[1]), list(fixed.columns), len(fixed)]


def make():
    import netCDF4
    import pandas
    import pynwb
    import anndata as ad
    from datetime import datetime, timezone
    from nexusformat.nexus import NXdata, NXentry, NXfield, NXroot
    from scipy.sparse import csr_matrix

    with netCDF4.Dataset(folder / "made.nc", "w") as f:
        f.createDimension("time", None)
        f.createDimension("x", 2)
        f.createVariable("time", "f8", ("time",))[:] = [1, 2]
        v = f.createVariable("air", "i2", ("time", "x"), fill_value=-1, zlib=True)
        v.units, v.scale_factor, v.add_offset = "K", 0.5, 200.0
        v[:] = np.ma.array([[200, 201], [0, 202.5]], mask=[[0, 0], [1, 0]])
    texts = lambda *values: pandas.Index(values, dtype=object)  # noqa: E731, what all versions of anndata write
    types = pandas.Categorical.from_codes([1, 0, 1], texts("B", "T"))
    obs = pandas.DataFrame({"cell_type": types}, index=texts("c1", "c2", "c3"))
    ad.AnnData(csr_matrix(np.array([[0, 2.5], [0, 0], [1, 0]], "f4")), obs=obs, var=pandas.DataFrame(index=texts("g1", "g2"))).write_h5ad(folder / "made.h5ad")
    session = pynwb.NWBFile("made by pynwb", "id", datetime(2026, 1, 5, tzinfo=timezone.utc))
    session.add_acquisition(pynwb.TimeSeries(name="ramp", data=np.arange(5.0), unit="volts", rate=10.0, conversion=2.0))
    with pynwb.NWBHDF5IO(folder / "made.nwb", "w") as io:
        io.write(session)
    x = NXfield(np.arange(3.0), name="angle", units="degree")
    NXroot(NXentry(NXdata(NXfield([1, 7, 3], name="counts", units="counts"), [x]))).save(folder / "made.nxs")
    with h5py.File(folder / "made.nxs", "r+") as f:
        f.attrs["default"], f["entry"].attrs["default"] = "entry", "data"


if "--make" in sys.argv:
    make()
else:
    checks = [experiment, types, tree, compression, growing, virtual, chunking, matlab, netcdf, anndata, nwb, nexus, models, pandas_frames]
    files = sorted(p for p in folder.iterdir() if h5py.is_hdf5(p))
    seen = {"files": {p.name: len(everything(p)) for p in files}}
    seen |= {check.__name__: check() for check in checks}
    print(json.dumps(seen, default=float))
