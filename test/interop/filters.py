"""Holds filters against libhdf5 and hdf5plugin, case by case; run by filters.test.ts.

usage: python filters.py FOLDER

Reads FOLDER/cases.json and FOLDER/cases.bin: for each case a type, a chunk's shape, a pipeline, the chunk as we encoded
it with its mask, and what it must decode to. Writes FOLDER/answers.json and FOLDER/answers.bin: the client data that the
libraries make of the same options, what they decode our chunk to, and the chunk (with its mask) that they encode.
"""

import json
import pathlib
import re
import struct
import sys

import h5py
import hdf5plugin
import numpy as np

PLUGINS = {
    "blosc": hdf5plugin.Blosc,
    "blosc2": hdf5plugin.Blosc2,
    "bzip2": hdf5plugin.BZip2,
    "lz4": hdf5plugin.LZ4,
    "bitshuffle": hdf5plugin.Bitshuffle,
    "zstd": hdf5plugin.Zstd,
    "zfp": hdf5plugin.Zfp,
}
OPTIONAL = h5py.h5z.FLAG_OPTIONAL


def add_filter(plist, name, options, is_float):
    if name == "deflate":
        plist.set_deflate(options)
    elif name == "shuffle":
        plist.set_shuffle()
    elif name == "fletcher32":
        plist.set_fletcher32()
    elif name == "szip":
        plist.set_szip(32 if options[0] == "nn" else 4, options[1])
    elif name == "nbit":
        plist.set_filter(h5py.h5z.FILTER_NBIT, OPTIONAL)
    elif name == "scaleoffset":
        plist.set_scaleoffset(h5py.h5z.SO_FLOAT_DSCALE if is_float else h5py.h5z.SO_INT, options)
    elif name == "lzf":
        plist.set_filter(h5py.h5z.FILTER_LZF, OPTIONAL)
    else:
        plugin = PLUGINS[name](**options)
        plist.set_filter(plugin.filter_id, OPTIONAL, plugin.filter_options)


def client_data(file, plist):
    """Of each filter. h5py gives 16 values at most; more are read from the message (version 2, id below 256)."""
    file.flush()
    image = None
    for i in range(plist.get_nfilters()):
        filter_id, flags, values, _ = plist.get_filter(i)
        if len(values) < 16:
            yield list(values)
            continue
        image = image or file.id.get_file_image()
        for match in re.finditer(re.escape(struct.pack("<HH", filter_id, flags)), image):
            (count,) = struct.unpack_from("<H", image, match.end())
            if 16 <= count <= (len(image) - match.end() - 2) // 4:
                found = struct.unpack_from(f"<{count}I", image, match.end() + 2)
                if found[:16] == tuple(values[:16]):
                    yield list(found)
                    break
        else:
            raise ValueError("client data not found")


def create(file, name, case, dtype):
    plist = h5py.h5p.create(h5py.h5p.DATASET_CREATE)
    plist.set_chunk(tuple(case["dims"]))
    for step in case["filters"]:
        add_filter(plist, step["name"], step["options"], dtype.kind == "f")
    space = h5py.h5s.create_simple(tuple(case["dims"]))
    return h5py.h5d.create(file.id, name, h5py.h5t.py_create(dtype), space, plist)


def read(dataset, length):
    decoded = np.zeros(length, "u1")
    dataset.read(h5py.h5s.ALL, h5py.h5s.ALL, decoded, mtype=dataset.get_type())
    return bytes(decoded)


def run(case, chunk, data):
    dtype = np.dtype(case["dtype"])
    origin = (0,) * len(case["dims"])
    with h5py.File("case", "w", driver="core", backing_store=False, libver=case["libver"]) as file:
        ours = create(file, b"ours", case, dtype)
        answer = {"clientData": list(client_data(file, ours.get_create_plist()))}
        ours.write_direct_chunk(origin, chunk, case["mask"])
        # HDF5 2.0 keeps the chunk in mind without its mask: opened again, the dataset is read as it is in the file.
        del ours
        ours = h5py.h5d.open(file.id, b"ours")
        try:
            decoded = read(ours, len(data))
        except OSError as error:
            return answer | {"error": str(error)}, b"", b""
        theirs = create(file, b"theirs", case, dtype)
        theirs.write(h5py.h5s.ALL, h5py.h5s.ALL, np.frombuffer(data, "u1"), mtype=theirs.get_type())
        file.flush()
        answer["mask"], encoded = theirs.read_direct_chunk(origin)
        return answer, decoded, bytes(encoded)


def main(folder):
    cases = json.loads((folder / "cases.json").read_text())
    blob = (folder / "cases.bin").read_bytes()
    answers, parts, at = [], [], 0
    for case in cases:
        chunk = blob[at : at + case["chunk"]]
        data = blob[at + case["chunk"] : at + case["chunk"] + case["data"]]
        at += case["chunk"] + case["data"]
        answer, decoded, encoded = run(case, chunk, data)
        answers.append(answer | {"decoded": len(decoded), "encoded": len(encoded)})
        parts += [decoded, encoded]
    (folder / "answers.json").write_text(json.dumps(answers))
    (folder / "answers.bin").write_bytes(b"".join(parts))


if __name__ == "__main__":
    main(pathlib.Path(sys.argv[1]))
