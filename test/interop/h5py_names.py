"""Prints h5py's public names as JSON: what `dir()` says of the module and of its classes, without modules of Python's own.

`python test/interop/h5py_names.py > docs/h5py-names.json` writes the list that docs/h5py.md is held against.
"""

import inspect
import json

import h5py

CLASSES = ["File", "Group", "Dataset", "AttributeManager", "Datatype", "VirtualLayout", "VirtualSource"]


def public(thing):
    names = [name for name in dir(thing) if not name.startswith("_")]
    return [n for n in names if not (inspect.ismodule(getattr(thing, n, None)) and n == "atexit")]


names = {"h5py": public(h5py)} | {name: public(getattr(h5py, name)) for name in CLASSES}
print(json.dumps({"version": h5py.__version__, "names": names}, indent=2))
