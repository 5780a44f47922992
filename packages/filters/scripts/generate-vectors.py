"""Writes test/fixtures/vectors.json.gz: chunks as libhdf5 and hdf5plugin store them, with what the pipeline must yield.

usage: python generate-vectors.py     (needs h5py, hdf5plugin, numpy)

Each vector: name, filters in write order ({id, cd}), mask (bit i set: filter i was skipped), chunk (bytes of the chunk
in the file, base64) and data (bytes after decoding, base64).
"""

import base64
import gzip
import json
import pathlib
import re
import struct

import h5py
import hdf5plugin
import numpy as np

VECTORS = []
RNG = np.random.default_rng(20240117)


def all_client_data(image, filter_id, flags, first):
    """h5py gives 16 values at most; the rest is read from the filter pipeline message (version 2, id below 256)."""
    if len(first) < 16:
        return list(first)
    for match in re.finditer(re.escape(struct.pack("<HH", filter_id, flags)), image):
        at = match.end()
        (count,) = struct.unpack_from("<H", image, at)
        if count < 16 or at + 2 + 4 * count > len(image):
            continue
        values = struct.unpack_from(f"<{count}I", image, at + 2)
        if values[:16] == tuple(first[:16]):
            return list(values)
    raise ValueError("client data not found")


def add(name, data, dtype=None, dcpl=None, fill=None, **options):
    """One chunk with all of `data`; `dtype` is an h5t type where numpy has none, `dcpl` sets filters at low level."""
    data = np.asarray(data)
    file = h5py.File("vectors", "w", driver="core", backing_store=False, libver="latest")
    if dcpl is None:
        dataset = file.create_dataset("d", data=data, chunks=data.shape, fillvalue=fill, **options).id
    else:
        plist = h5py.h5p.create(h5py.h5p.DATASET_CREATE)
        plist.set_chunk(data.shape)
        dcpl(plist)
        space = h5py.h5s.create_simple(data.shape)
        dataset = h5py.h5d.create(file.id, b"d", dtype or h5py.h5t.py_create(data.dtype), space, plist)
        dataset.write(h5py.h5s.ALL, h5py.h5s.ALL, data)
    file.flush()
    mask, chunk = dataset.read_direct_chunk((0,) * data.ndim)
    file_type = dataset.get_type()
    decoded = np.zeros(data.size * file_type.get_size(), "u1")
    dataset.read(h5py.h5s.ALL, h5py.h5s.ALL, decoded, mtype=file_type)
    image = file.id.get_file_image()
    plist = dataset.get_create_plist()
    filters = []
    for i in range(plist.get_nfilters()):
        filter_id, flags, values, _ = plist.get_filter(i)
        filters.append({"id": filter_id, "cd": all_client_data(image, filter_id, flags, values)})
    encode = lambda b: base64.b64encode(bytes(b)).decode()
    VECTORS.append(
        {"name": name, "filters": filters, "mask": mask, "chunk": encode(chunk), "data": encode(decoded)}
    )
    file.close()


def walk(n, dtype, step=9):
    return np.cumsum(RNG.integers(-step, step + 1, n)).astype(dtype)


def wave(shape, dtype):
    n = int(np.prod(shape))
    return (np.sin(np.arange(n) / 7) * 100 + RNG.random(n)).astype(dtype).reshape(shape)


def builtin():
    for level in (0, 1, 6, 9):
        add(f"deflate {level}", walk(200, "i4"), compression="gzip", compression_opts=level)
    for dtype in ("u1", "i2", "f4", "f8", "S3", "S7", "c16"):
        data = walk(67, "i4").astype(dtype) if dtype[0] != "S" else np.array([b"%d" % i for i in range(67)], dtype)
        add(f"shuffle {dtype}", data, shuffle=True)
    for n in (0, 1, 2, 719, 721, 1500):
        add(f"fletcher32 of {n} bytes", RNG.integers(0, 256, max(n, 1)).astype("u1"), fletcher32=True)
    add("fletcher32 of ones", np.full(64, 255, "u1"), fletcher32=True)
    add("shuffle, deflate, fletcher32", walk(300, "i4"), shuffle=True, compression="gzip", fletcher32=True)
    for name, data in {
        "zeros": np.zeros(500, "u1"),
        "walk": walk(300, "i4"),
        "text": np.frombuffer(b"the quick brown fox jumps over the lazy dog, the quick brown cat, " * 9, "u1"),
        "random": RNG.integers(0, 256, 100).astype("u1"),
        "far": np.concatenate([walk(60, "i4"), RNG.integers(0, 2**31, 1900).astype("i4"), walk(60, "i4")]),
    }.items():
        add(f"lzf {name}", data, compression="lzf")
    add("shuffle, lzf", walk(300, "i4"), compression="lzf", shuffle=True)


def szip():
    for method in ("nn", "ec"):
        for dtype in ("u1", "<i2", ">i2", "<u4", ">i4", "<f4", "<f8", ">f8", "<i8"):
            for block in (4, 8, 16, 32):
                add(f"szip {method} {dtype} {block}", walk(100, dtype, 5), compression="szip", compression_opts=(method, block))
    add("szip 2d", walk(231, "<u2").reshape(11, 21), compression="szip", compression_opts=("nn", 8))
    add("szip 3d", wave((5, 9, 13), "<f4"), compression="szip", compression_opts=("nn", 16))
    add("szip constant", np.full((40, 40), 7, "u1"), compression="szip", compression_opts=("nn", 8))
    add("szip constant wide", np.full(9000, 7, "i4"), compression="szip", compression_opts=("nn", 8))
    add("szip sparse", np.where(np.arange(5000) % 600 == 0, 200, 0).astype("u1"), compression="szip", compression_opts=("ec", 8))
    add("szip small values", RNG.integers(0, 2, 3000).astype("u1"), compression="szip", compression_opts=("ec", 16))
    add("szip random", RNG.integers(0, 256, 64).astype("u1"), compression="szip", compression_opts=("nn", 8))
    for bits in (3, 11, 20):
        kind = h5py.h5t.STD_I32LE.copy()
        kind.set_precision(bits)
        data = walk(150, "i4", 3) % (1 << (bits - 1))
        add(f"szip {bits} bits", data, kind, lambda p: p.set_szip(32, 8))


def custom(base, size, precision, offset):
    kind = base.copy()
    if size != kind.get_size():
        kind.set_size(size)
    kind.set_precision(precision)
    kind.set_offset(offset)
    return kind


def nbit():
    use = lambda p: p.set_filter(h5py.h5z.FILTER_NBIT, h5py.h5z.FLAG_OPTIONAL)
    std = h5py.h5t
    for base, size in ((std.STD_I8LE, 1), (std.STD_I16BE, 2), (std.STD_I32LE, 4), (std.STD_I32BE, 4), (std.STD_U64LE, 8), (std.STD_I64BE, 8)):
        for precision, offset in ((1, 0), (3, 2), (7, 1), (8 * size - 3, 3), (8 * size - 1, 0), (8 * size, 0)):
            if precision + offset <= 8 * size:
                data = RNG.integers(0, 1 << min(62, precision - 1), 33).astype("i8")
                kind = custom(base, size, precision, offset)
                add(f"nbit {size} bytes {precision} bits at {offset}", data.astype(f"i{size}"), kind, use)
    kind = std.IEEE_F32LE.copy()
    kind.set_fields(26, 20, 6, 7, 13)
    kind.set_offset(7)
    kind.set_precision(20)
    kind.set_ebias(31)
    add("nbit float of 20 bits", wave(40, "f4"), kind, use)
    compound = std.create(std.COMPOUND, 24)
    compound.insert(b"a", 0, custom(std.STD_U16LE, 2, 12, 0))
    compound.insert(b"b", 3, std.STD_I8LE)
    compound.insert(b"c", 4, custom(std.STD_I32BE, 4, 11, 3))
    compound.insert(b"d", 8, std.array_create(custom(std.STD_I16LE, 2, 9, 1), (2, 3)))
    text = std.C_S1.copy()
    text.set_size(4)
    compound.insert(b"e", 20, text)
    fields = {"names": list("abcde"), "formats": ["<u2", "i1", ">i4", ("<i2", (2, 3)), "S4"], "offsets": [0, 3, 4, 8, 20], "itemsize": 24}
    data = np.zeros(9, np.dtype(fields))
    for i, row in enumerate(data):
        row["a"], row["b"], row["c"], row["e"] = i * 300, i - 4, i * 50 - 200, b"x%d" % i
        row["d"] = np.arange(6).reshape(2, 3) * i - 7
    add("nbit compound", data, compound, use)


def scaleoffset():
    for dtype in ("u1", "i1", "<u2", ">i2", "<i4", ">u4", "<i8", ">i8", "<u8"):
        for fill in (None, 3):
            data = (walk(70, "i4", 2) % 50).astype(dtype)
            add(f"scaleoffset {dtype} fill {fill}", data, scaleoffset=0, fill=fill)
        limits = np.iinfo(dtype)
        add(f"scaleoffset {dtype} full", np.array([limits.min, limits.max, 1, 2], dtype), scaleoffset=0)
        add(f"scaleoffset {dtype} bits", (np.arange(30) % 8).astype(dtype), scaleoffset=5)
        add(f"scaleoffset {dtype} all bits", (np.arange(30) % 8).astype(dtype), scaleoffset=8 * np.dtype(dtype).itemsize)
        add(f"scaleoffset {dtype} constant", np.full(20, 5, dtype), scaleoffset=0)
    wide = (RNG.integers(0, 2**45, 40) - 2**44).astype("<i8")
    add("scaleoffset i8 45 bits", wide, scaleoffset=0)
    for dtype in ("<f4", ">f4", "<f8", ">f8"):
        for digits in (0, 2, 5):
            for fill in (None, 1.5):
                add(f"scaleoffset {dtype} digits {digits} fill {fill}", wave(60, dtype), scaleoffset=digits, fill=fill)
    add("scaleoffset f4 range", np.array([1e30, -1e30, 0], "f4"), scaleoffset=3)
    add("scaleoffset f8 wide", np.array([1e12, -1e12, 0.25, 3], "f8"), scaleoffset=5)


def plugins():
    texts = np.frombuffer(b"the quick brown fox jumps over the lazy dog, the quick brown cat, " * 9, "u1")
    samples = {
        "walk": walk(500, "<i4"),
        "text": texts,
        "zeros": np.zeros(20000, "u1"),
        "random": RNG.integers(0, 256, 70).astype("u1"),
        "wave": wave(300, "<f8"),
        "short": np.arange(3, dtype="u1"),
    }
    for name, data in samples.items():
        add(f"lz4 {name}", data, **hdf5plugin.LZ4())
        add(f"bzip2 {name}", data, **hdf5plugin.BZip2(blocksize=1))
        for level in (1, 3, 22, -7):
            add(f"zstd {level} {name}", data, **hdf5plugin.Zstd(clevel=level))
    add("lz4 blocks", walk(500, "<i4"), **hdf5plugin.LZ4(nbytes=256))
    add("zstd long", np.tile(walk(9000, "<i2"), 20), **hdf5plugin.Zstd(clevel=3))
    add("zstd skewed", (RNG.geometric(0.3, 3000) % 256).astype("u1"), **hdf5plugin.Zstd(clevel=5))
    add("bzip2 two blocks", np.tile(walk(1500, "<i2"), 45), **hdf5plugin.BZip2(blocksize=1))
    add("shuffle, zstd, fletcher32", walk(300, "<i4"), shuffle=True, fletcher32=True, **hdf5plugin.Zstd())
    for codec in ("none", "lz4", "zstd"):
        for dtype in ("u1", "<i2", "S3", "<f4", "<f8", "<c16"):
            for n in (5, 8, 300):
                data = walk(n, "i4").astype(dtype) if dtype != "S3" else np.array([b"%d" % i for i in range(n)], dtype)
                add(f"bitshuffle {codec} {dtype} x {n}", data, **hdf5plugin.Bitshuffle(cname=codec))
        add(f"bitshuffle {codec} blocks", walk(100, "<i2"), **hdf5plugin.Bitshuffle(nelems=16, cname=codec))
    for codec in ("blosclz", "lz4", "lz4hc", "snappy", "zlib", "zstd"):
        for shuffle in (0, 1, 2):
            for name in ("walk", "text", "zeros", "wave"):
                try:
                    add(f"blosc {codec} {shuffle} {name}", samples[name], **hdf5plugin.Blosc(cname=codec, clevel=5, shuffle=shuffle))
                except (OSError, ValueError):
                    print("not built:", codec)
    add("blosc blocks", np.tile(walk(1000, "<i4"), 40), **hdf5plugin.Blosc(cname="lz4", clevel=1, shuffle=1))
    add("blosc odd size", np.array([b"%d" % i for i in range(501)], "S7"), **hdf5plugin.Blosc(cname="blosclz", shuffle=2))
    add("blosc far copies", np.tile(RNG.integers(0, 256, 20000), 2).astype("u1")[:40000:8], **hdf5plugin.Blosc(cname="blosclz", shuffle=0))


def blosc2():
    for codec in ("blosclz", "lz4", "lz4hc", "zlib", "zstd"):
        for filters in (0, 1, 2, 3):
            add(f"blosc2 {codec} {filters}", walk(500, "<i4"), **hdf5plugin.Blosc2(cname=codec, clevel=5, filters=filters))
        add(f"blosc2 {codec} 2d", wave((23, 31), "<f4"), **hdf5plugin.Blosc2(cname=codec, clevel=5, filters=1))
    add("blosc2 3d", wave((7, 9, 11), "<i2"), **hdf5plugin.Blosc2(cname="lz4", filters=2))
    add("blosc2 large 2d", np.tile(walk(600, "<i4"), (200, 1)), **hdf5plugin.Blosc2(cname="zstd", clevel=9, filters=1))
    for shape in ((500,), (20, 30)):
        add(f"blosc2 zeros {shape}", np.zeros(shape, "<f8"), **hdf5plugin.Blosc2(cname="lz4"))
        add(f"blosc2 one value {shape}", np.full(shape, 3.5, "<f8"), **hdf5plugin.Blosc2(cname="lz4"))
        add(f"blosc2 nan {shape}", np.full(shape, np.nan, "<f4"), **hdf5plugin.Blosc2(cname="lz4"))
    add("blosc2 random", RNG.integers(0, 256, 300).astype("u1"), **hdf5plugin.Blosc2(cname="lz4"))


def zfp():
    shapes = {1: (37,), 2: (9, 11), 3: (5, 6, 7), 4: (3, 5, 4, 6)}
    for dims, shape in shapes.items():
        for dtype in ("<f4", "<f8", "<i4", "<i8"):
            data = wave(shape, "f8").astype(dtype)
            if dtype == "<i8":
                data = data * 2**33 + 12345
            modes = {"rate": {"rate": 12}, "precision": {"precision": 15}, "reversible": {"reversible": True}}
            if dtype[1] == "f":
                modes |= {"accuracy": {"accuracy": 0.01}, "expert": dict(minbits=20, maxbits=4000, maxprec=40, minexp=-5)}
            for mode, options in modes.items():
                add(f"zfp {mode} {dims}d {dtype}", data, **hdf5plugin.Zfp(**options))
    odd = np.array([np.nan, np.inf, -np.inf, -0.0, 0, 1e-320, 1e308, 5], "<f8")
    add("zfp reversible odd f8", odd, **hdf5plugin.Zfp(reversible=True))
    with np.errstate(over="ignore"):
        add("zfp reversible odd f4", odd.astype("<f4"), **hdf5plugin.Zfp(reversible=True))
    add("zfp zeros", np.zeros((8, 8), "f4"), **hdf5plugin.Zfp(rate=8))
    add("zfp tiny", np.full(16, 1e-40, "f4"), **hdf5plugin.Zfp(precision=20))


def pipelines():
    add("scaleoffset, deflate", walk(300, "<i4"), scaleoffset=0, compression="gzip")
    add("shuffle, deflate, fletcher32 2d", walk(300, "<i4").reshape(20, 15), shuffle=True, compression="gzip", fletcher32=True)
    add("fletcher32, zstd", walk(300, "<i4"), fletcher32=True, **hdf5plugin.Zstd())


if __name__ == "__main__":
    for group in (builtin, szip, nbit, scaleoffset, plugins, blosc2, zfp, pipelines):
        group()
    path = pathlib.Path(__file__).parent.parent / "test" / "fixtures" / "vectors.json.gz"
    lines = ",\n".join(json.dumps(vector, separators=(",", ":")) for vector in VECTORS)
    versions = f"h5py {h5py.__version__}, HDF5 {h5py.version.hdf5_version}, hdf5plugin {hdf5plugin.version}"
    text = f'{{"made by": "scripts/generate-vectors.py with {versions}",\n"vectors": [\n{lines}\n]}}\n'
    path.write_bytes(gzip.compress(text.encode(), 9, mtime=0))
    print(len(VECTORS), "vectors,", path.stat().st_size, "bytes")
