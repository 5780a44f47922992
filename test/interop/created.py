"""Makes the datasets of cases.json by h5py, and says of each, and of the one that h5ts made, what libhdf5 finds there."""
import json
import sys
import warnings

import h5py
import numpy as np

warnings.simplefilter("ignore")
folder = sys.argv[1]
with open(f"{folder}/cases.json") as handle:
    cases = json.load(handle)

NAMES = {"maxShape": "maxshape", "compressionOpts": "compression_opts", "scaleOffset": "scaleoffset",
         "fillValue": "fillvalue", "fillTime": "fill_time", "trackTimes": "track_times", "trackOrder": "track_order"}


def tuples(value):
    return tuple(tuples(each) for each in value) if isinstance(value, list) else value


def arguments(options):
    given = {}
    for key, value in options.items():
        if key == "dtype":
            value = h5py.string_dtype() if value == "string" else np.dtype(value)
        given[NAMES.get(key, key)] = tuples(value)
    # h5py takes True for a number here.
    if given.get("maxshape") is True:
        given["maxshape"] = (None,) * len(given["shape"])
    # Numbers are not cast to complex ones.
    if given["dtype"] == np.dtype("c8") and "fillvalue" in given:
        given["fillvalue"] = np.complex64(given["fillvalue"])
    return given


def described(dataset):
    plist = dataset.id.get_create_plist()
    filters = [plist.get_filter(i) for i in range(plist.get_nfilters())]
    layout = plist.get_layout()
    status = plist.fill_value_defined()
    fill = None
    if status == h5py.h5d.FILL_VALUE_USER_DEFINED:
        fill = repr(dataset.fillvalue)
    return {
        "shape": None if dataset.shape is None else list(dataset.shape),
        "maxShape": None if dataset.shape is None else list(dataset.maxshape),
        "dtype": repr(dataset.id.get_type().encode()),
        "layout": layout,
        "chunks": list(plist.get_chunk()) if layout == h5py.h5d.CHUNKED else None,
        "filters": [[code, flags, list(values)] for code, flags, values, _ in filters],
        "fill": [status, fill],
        "fillTime": plist.get_fill_time(),
        "allocTime": plist.get_alloc_time(),
        "trackTimes": plist.get_obj_track_times(),
        "attributeOrder": plist.get_attr_creation_order(),
    }


errors = {}
for libver in {case["libver"] for case in cases}:
    bounds = "earliest" if libver == "earliest" else ("v110", "latest")
    with h5py.File(f"{folder}/theirs-{libver}.h5", "w", libver=bounds) as file:
        for i, case in enumerate(cases):
            if case["libver"] != libver:
                continue
            try:
                file.create_dataset(f"d{i}", **arguments(case["options"]))
            except Exception as error:
                errors[i] = f"{type(error).__name__}: {error}"

answers = []
files = {name: h5py.File(f"{folder}/{name}.h5") for who in ("ours", "theirs") for name in (f"{who}-earliest", f"{who}-latest")}
for i, case in enumerate(cases):
    answer = {} if i not in errors else {"error": errors[i]}
    for who in ("ours", "theirs"):
        file = files[f"{who}-{case['libver']}"]
        if f"d{i}" in file:
            answer[who] = described(file[f"d{i}"])
    answers.append(answer)
with open(f"{folder}/answers.json", "w") as handle:
    json.dump(answers, handle)
