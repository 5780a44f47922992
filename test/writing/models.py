#!/usr/bin/env python3
"""Judges files by libhdf5, through h5py: whether each holds exactly what a model says.

Reads lines of JSON from standard input: {"file": PATH, "model": {PATH: ENTRY, ...}}; writes for each a line
{"file": PATH, "differences": [TEXT, ...]}. An entry of the model is one of
  {"kind": "group", "attrs": {NAME: VALUE}}
  {"kind": "dataset", "dtype": NAME, "shape": [...], "maxshape": [...], "data": [...], "attrs": {...}}
  {"kind": "alias", "to": PATH}     a further hard link to the object at that path
  {"kind": "soft", "to": TARGET}
A VALUE is {"dtype": NAME, "shape": [...], "data": [...]}; data are flat lists in row-major order. Names of datatypes are
NumPy's, "str" for variable-length text and "vlen" for variable-length sequences of <i4.
"""
import json
import os
import sys

os.environ.setdefault("HDF5_USE_FILE_LOCKING", "FALSE")
import h5py  # noqa: E402
import numpy as np  # noqa: E402


def flat(value, dtype):
    """What h5py read, as the model writes it."""
    if dtype == "str":
        items = [value] if isinstance(value, (bytes, str)) else np.asarray(value, dtype=object).ravel().tolist()
        return [item.decode() if isinstance(item, bytes) else item for item in items]
    if dtype == "vlen":
        return [np.asarray(item).tolist() for item in np.asarray(value, dtype=object).ravel()]
    if dtype.startswith("S"):
        return [item.decode() for item in np.asarray(value).ravel().tolist()]
    return np.asarray(value).ravel().tolist()


def expected_type(dtype):
    if dtype == "str":
        return h5py.string_dtype()
    if dtype == "vlen":
        return h5py.vlen_dtype(np.dtype("<i4"))
    if dtype == "bool":
        return np.dtype(bool)
    return np.dtype(dtype)


def same_type(found, dtype):
    if dtype == "vlen":
        return h5py.check_vlen_dtype(found) == np.dtype("<i4")
    if dtype == "str":
        info = h5py.check_string_dtype(found)
        return info is not None and info.length is None
    return found == expected_type(dtype)


def compare_value(place, found, dtype, want, say):
    got = flat(found, dtype)
    if got == want:
        return
    at = next((i for i in range(min(len(got), len(want))) if got[i] != want[i]), min(len(got), len(want)))
    say(f"{place}: element {at} is {got[at:at + 1]} instead of {want[at:at + 1]} ({len(got)} of {len(want)} elements)")


def compare_attrs(path, found, want, say):
    names = set(found.attrs.keys())
    for name in names ^ set(want):
        say(f"{path}@{name}: only in the {'file' if name in names else 'model'}")
    for name in names & set(want):
        value = want[name]
        place = f"{path}@{name}"
        attribute = found.attrs.get_id(name)
        if list(attribute.shape) != value["shape"]:
            say(f"{place}: shape {attribute.shape} instead of {value['shape']}")
        elif not same_type(attribute.dtype, value["dtype"]):
            say(f"{place}: {attribute.dtype} instead of {value['dtype']}")
        else:
            compare_value(place, found.attrs[name], value["dtype"], value["data"], say)


def compare_dataset(path, found, want, say):
    if list(found.shape) != want["shape"]:
        return say(f"{path}: shape {found.shape} instead of {want['shape']}")
    if "maxshape" in want and list(found.maxshape) != want["maxshape"]:
        say(f"{path}: maxshape {found.maxshape} instead of {want['maxshape']}")
    if not same_type(found.dtype, want["dtype"]):
        return say(f"{path}: {found.dtype} instead of {want['dtype']}")
    compare_value(path, found[()], want["dtype"], want["data"], say)


def compare_object(file, path, want, say):
    found = file[path]
    kind = "group" if isinstance(found, h5py.Group) else "dataset"
    if kind != want["kind"]:
        return say(f"{path}: {kind} instead of {want['kind']}")
    if kind == "group":
        prefix = "" if path == "/" else path
        # Links are compared by their paths, below.
        for name in found:
            if f"{prefix}/{name}" not in file_model:
                say(f"{prefix}/{name}: only in the file")
        if len(found) != len(list(found)):
            say(f"{path}: counts {len(found)} links and has {len(list(found))}")
    else:
        compare_dataset(path, found, want, say)
    compare_attrs(path, found, want["attrs"], say)


file_model = {}


def compare(path, model):
    global file_model
    file_model = model
    differences = []

    def say(text):
        if len(differences) < 20:
            differences.append(text)

    try:
        with h5py.File(path, "r") as file:
            for name, want in model.items():
                try:
                    link = file.get(name, getlink=True) if name != "/" else None
                    if name != "/" and link is None:
                        say(f"{name}: only in the model")
                    elif want["kind"] == "soft":
                        if not isinstance(link, h5py.SoftLink) or link.path != want["to"]:
                            say(f"{name}: {link} instead of a link to {want['to']}")
                    elif want["kind"] == "alias":
                        if file[name] != file[want["to"]]:
                            say(f"{name}: another object than {want['to']}")
                    else:
                        compare_object(file, name, want, say)
                except (KeyError, OSError, RuntimeError, ValueError, TypeError) as error:
                    say(f"{name}: {type(error).__name__}: {error}")
    except (OSError, RuntimeError) as error:
        say(f"cannot be opened: {error}")
    return differences


def main():
    for line in sys.stdin:
        job = json.loads(line)
        if "make" in job:
            make(job["file"], job["make"])
            answer = {"file": job["file"]}
        else:
            answer = {"file": job["file"], "differences": compare(job["file"], job["model"])}
        print(json.dumps(answer), flush=True)


def make(path, libver):
    """A file for others to edit: some of everything that the models know."""
    with h5py.File(path, "w", libver=("earliest", "v110") if libver == "earliest" else ("v110", "v110")) as file:
        file.attrs["made"] = "h5py"
        group = file.create_group("old")
        for i in range(12):
            group.create_group(f"g{i}").attrs["i"] = np.int64(i)
        group.create_dataset("plain", data=np.arange(24, dtype="<f8").reshape(4, 6))
        group.create_dataset("growing", data=np.arange(10, dtype="<i4"), maxshape=(None,), chunks=(4,))
        group.create_dataset("packed", data=np.arange(40, dtype="<i8").reshape(8, 5), chunks=(3, 2), compression="gzip",
                             shuffle=True, maxshape=(None, None))
        group.create_dataset("words", data=["one", "two", "drei"], dtype=h5py.string_dtype(), maxshape=(None,), chunks=(2,))
        file["again"] = group["plain"]
        file["soft"] = h5py.SoftLink("/old/plain")
        for i in range(10):
            group["plain"].attrs[f"a{i}"] = np.arange(i, dtype="<f4")


if __name__ == "__main__":
    main()
