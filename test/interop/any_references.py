"""What libhdf5 itself says of references of HDF5 1.12 and later, which h5py does not know: kind, object, attribute or points.

usage: any_references.py FILE COUNT
"""
import ctypes
import glob
import json
import os
import sys

import h5py

folder = os.path.join(os.path.dirname(h5py.__file__), "..", "h5py.libs")
lib = ctypes.CDLL(glob.glob(os.path.join(folder, "libhdf5-*.so*"))[0])
ID, TEXT, PLACE = ctypes.c_int64, ctypes.c_char_p, ctypes.c_void_p
for name, result, arguments in [
    ("H5Fopen", ID, [TEXT, ctypes.c_uint, ID]),
    ("H5Dopen2", ID, [ID, TEXT, ID]),
    ("H5Dread", ctypes.c_int, [ID, ID, ID, ID, ID, PLACE]),
    ("H5Rget_type", ctypes.c_int, [PLACE]),
    ("H5Rget_obj_name", ctypes.c_ssize_t, [PLACE, ID, TEXT, ctypes.c_size_t]),
    ("H5Rget_attr_name", ctypes.c_ssize_t, [PLACE, TEXT, ctypes.c_size_t]),
    ("H5Ropen_region", ID, [PLACE, ID, ID]),
    ("H5Sget_select_npoints", ID, [ID]),
]:
    getattr(lib, name).restype = result
    getattr(lib, name).argtypes = arguments
lib.H5open()

SIZE = 64  # bytes of an H5R_ref_t
KINDS = {2: "object", 3: "region", 4: "attribute"}
path, count = sys.argv[1], int(sys.argv[2])
dataset = lib.H5Dopen2(lib.H5Fopen(path.encode(), 0, 0), b"any", 0)
elements = ctypes.create_string_buffer(SIZE * count)
if lib.H5Dread(dataset, ID.in_dll(lib, "H5T_STD_REF_g").value, 0, 0, 0, elements) < 0:
    sys.exit("cannot be read")
said = []
for i in range(count):
    one = ctypes.addressof(elements) + SIZE * i
    text = ctypes.create_string_buffer(100)
    kind = KINDS[lib.H5Rget_type(one)]
    lib.H5Rget_obj_name(one, 0, text, 100)
    entry = [kind, text.value.decode()]
    if kind == "attribute":
        lib.H5Rget_attr_name(one, text, 100)
        entry.append(text.value.decode())
    if kind == "region":
        entry.append(lib.H5Sget_select_npoints(lib.H5Ropen_region(one, 0, 0)))
    said.append(entry)
print(json.dumps(said))
