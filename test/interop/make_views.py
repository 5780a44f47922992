"""Virtual datasets of many kinds and what h5py reads from them: make_views.py FOLDER SEED.

Writes views.json: for each case the file, the options it is opened with, the shape, all values, and those of a slice.
"""
import json
import os
import random
import sys

import h5py
import numpy as np

from make_plain import plain

folder, seed = sys.argv[1], int(sys.argv[2])
os.chdir(folder)
rng = random.Random(seed)
U = h5py.h5s.UNLIMITED
NUMBERS = ["i1", "u1", "<i2", ">u2", "<i4", ">i4", "<u4", "<i8", ">u8", "<f4", ">f4", "<f8", ">f8", "<f2"]
cases = []


def space(dims, parts=None, maxdims=None):
    """A dataspace; `parts`: hyperslabs (start, stride, count, block) that are selected together, none: all."""
    made = h5py.h5s.create_simple(tuple(dims), maxdims)
    for i, part in enumerate(parts or []):
        start, stride, count, block = (tuple(numbers) for numbers in part)
        made.select_hyperslab(start, count, stride, block, op=h5py.h5s.SELECT_OR if i else h5py.h5s.SELECT_SET)
    return made


def source(file, data, dataset="d", maxshape=None, **how):
    with h5py.File(file, "a", libver="latest") as f:
        f.create_dataset(dataset, data=data, maxshape=maxshape, **how)


def view(file, dims, dtype, maps, maxdims=None, fill=None, libver="earliest"):
    """`maps`: (space of the view, file, dataset, space of the source)."""
    plist = h5py.h5p.create(h5py.h5p.DATASET_CREATE)
    if fill is not None:
        plist.set_fill_value(np.array(fill, dtype=dtype))
    plist.set_layout(h5py.h5d.VIRTUAL)
    for of_view, name, dataset, of_source in maps:
        plist.set_virtual(of_view, name.encode(), dataset.encode(), of_source)
    with h5py.File(file, "a", libver=libver) as f:
        kind = dtype if isinstance(dtype, h5py.h5t.TypeID) else h5py.h5t.py_create(np.dtype(dtype), logical=True)
        h5py.h5d.create(f.id, b"v", kind, h5py.h5s.create_simple(tuple(dims), maxdims), plist)


def judge(kind, file, first_missing=False, gap=0):
    """Adds a case with what h5py reads."""
    access = h5py.h5p.create(h5py.h5p.DATASET_ACCESS)
    access.set_virtual_view(h5py.h5d.VDS_FIRST_MISSING if first_missing else h5py.h5d.VDS_LAST_AVAILABLE)
    access.set_virtual_printf_gap(gap)
    with h5py.File(file) as f:
        dataset = h5py.Dataset(h5py.h5d.open(f.id, b"v", access))
        shape = dataset.shape
        slices = []
        for n in shape:
            start = rng.randrange(n) if n else 0
            slices.append([start, rng.randint(start, n), rng.randint(1, 3)])
        text = h5py.check_string_dtype(dataset.dtype)
        whole = dataset.asstr()[()] if text else dataset[()]
        part = whole[tuple(slice(*one) for one in slices)]
        cases.append({
            "kind": kind, "file": file, "firstMissing": first_missing, "gap": gap,
            "shape": list(shape), "values": plain(whole), "slices": slices, "part": plain(part),
        })


def slab(dims):
    """A random hyperslab within an extent, and its shape."""
    part = []
    for n in dims:
        start = rng.randrange(n)
        block = rng.randint(1, min(3, n - start))
        stride = block + rng.randint(0, 2)
        count = rng.randint(1, (n - start - block) // stride + 1)
        part.append((start, stride, count, block))
    return tuple(zip(*part)), [c * b for _, _, c, b in part]


def numbers(count, dtype="<i4"):
    return np.array([rng.randrange(-1000, 1000) for _ in range(count)]).astype(dtype)


def how():
    return rng.choice([{}, {"chunks": True}, {"chunks": True, "compression": "gzip", "shuffle": True}])


def limited(n):
    """Hyperslabs on both sides, of the same shape or only of as many elements; some sources are not there."""
    file, maps = f"limited{n}.h5", []
    dims = [rng.randint(1, 9) for _ in range(rng.randint(1, 3))]
    # One mapping: where several overlap, libhdf5 leaves out the fill value. Along the first axis they do not.
    cuts = sorted({0, dims[0], rng.randint(0, dims[0])})
    for i, (low, high) in enumerate(zip(cuts, cuts[1:])):
        part, shape = slab([high - low, *dims[1:]])
        start = (part[0][0] + low, *part[0][1:])
        count = int(np.prod(shape))
        name = "." if rng.random() < 0.3 else f"limited{n}_{i}.h5"
        kind = rng.randrange(4)
        if kind == 0:
            of_source, size = space([count]), [count]
        elif kind == 1:
            size = [2 * s + 1 for s in shape]
            of_source = space(size, [([1] * len(shape), [2] * len(shape), shape, [1] * len(shape))])
        elif kind == 2:
            size = [3, count + 2]
            of_source = space(size, [((2, 1), (1, 1), (1, 1), (1, count))])
        else:
            size = [1, *shape]
            of_source = space(size)
        if rng.random() < 0.85:
            source(file if name == "." else name, numbers(int(np.prod(size))).reshape(size), f"d{i}", **how())
        maps.append((space(dims, [(start, *part[1:])]), name, f"d{i}", of_source))
    view(file, dims, "<i4", maps, fill=rng.choice([None, -9]), libver=rng.choice(["earliest", "latest"]))
    judge("hyperslabs", file)


def irregular(n):
    """Several hyperslabs together, on either side."""
    file = f"irregular{n}.h5"
    dims, size = [7, 8], [9, 9]
    of_view = space(dims, [slab(dims)[0] for _ in range(rng.randint(2, 3))])
    count = of_view.get_select_npoints()
    of_source = space(size, [((r, 0), (1, 1), (1, 1), (1, min(8, count - 8 * r))) for r in range((count + 7) // 8)])
    assert of_source.get_select_npoints() == count
    source(f"irregular{n}_s.h5", numbers(81).reshape(size), **how())
    view(file, dims, "<i4", [(of_view, f"irregular{n}_s.h5", "d", of_source)], fill=5)
    judge("irregular", file)


def unlimited(n):
    """Sources that grow, along either axis, in blocks or without gaps."""
    file, maps = f"unlimited{n}.h5", []
    axis, rank = rng.randrange(2), 2
    lanes = rng.randint(1, 3)
    dims, most = [1, 1], [U, U]
    dims[1 - axis] = most[1 - axis] = lanes
    for lane in range(lanes):
        block, gap = rng.randint(1, 3), rng.randint(0, 2)
        # Along the axis, and across.
        start, count, stride, size = [0, 0], [1, 1], [1, 1], [1, 1]
        start[axis], start[1 - axis] = rng.randint(0, 2), lane
        count[axis], stride[axis], size[axis] = U, block + gap, block
        from_start, from_block, from_gap = rng.randint(0, 2), rng.randint(1, 3), rng.randint(0, 2)
        # libhdf5 counts a first block that is cut off as a whole one.
        length = rng.randint(from_start + from_block, 9)

        # The source grows along the same axis: libhdf5 mixes them up where they differ.
        def along(value, other):
            return tuple(value if d == axis else other for d in range(2))

        if rng.random() < 0.85:
            data = numbers(length).reshape(along(length, 1))
            source(f"unlimited{n}_{lane}.h5", data, maxshape=along(None, 1), chunks=along(4, 1))
        part = along(from_start, 0), along(from_block + from_gap, 1), along(U, 1), along(from_block, 1)
        maps.append((
            space(dims, [(start, stride, count, size)], tuple(most)), f"unlimited{n}_{lane}.h5", "d",
            space([1, 1], [part], along(U, 1)),
        ))
    view(file, dims, "<i4", maps, maxdims=tuple(most), fill=-9)
    for first_missing in (False, True):
        judge("unlimited", file, first_missing)


def blocks(n):
    """A source for each block, by its number in the name of the file or the dataset."""
    file = f"blocks{n}.h5"
    rows, gap = rng.randint(1, 3), rng.randint(0, 1)
    by_file = rng.random() < 0.5
    for k in range(8):
        if rng.random() < 0.7:
            data = numbers(rows * 4).reshape(rows, 4)
            source(f"blocks{n}_{k}.h5" if by_file else file, data, "d" if by_file else f"d{k}", **how())
    names = (f"blocks{n}_%b.h5", "d") if by_file else (".", "d%b")
    of_view = space([rows, 4], [((0, 0), (rows + gap, 1), (U, 1), (rows, 4))], (U, 4))
    view(file, [rows, 4], "<i4", [(of_view, *names, space([rows, 4]))], maxdims=(U, 4), fill=-9)
    for first_missing, holes in ((False, 0), (False, 2), (True, 0)):
        judge("blocks", file, first_missing, holes)


def nested(n):
    """Views of views."""
    dims = [rng.randint(2, 8), rng.randint(1, 5)]
    source(f"nested{n}_0.h5", numbers(dims[0] * dims[1]).reshape(dims), "v", **how())
    for depth in range(1, rng.randint(2, 4)):
        part, shape = slab(dims)
        before = f"nested{n}_{depth - 1}.h5"
        view(f"nested{n}_{depth}.h5", dims, "<i4", [(space(dims, [part]), before, "v", space(dims, [part]))], fill=-depth)
    judge("nested", f"nested{n}_{depth}.h5")


def converted(n):
    """Numbers of other types; values that both have, or that are out of range."""
    file, count = f"converted{n}.h5", 8
    before, after = rng.sample(NUMBERS, 2)
    # libhdf5 only turns bytes round where nothing but order and sign differ, and wraps around from float16.
    while before[1:] == "f2" or (before[-1] == after[-1] and {before[-2], after[-2]} == {"i", "u"}):
        before, after = rng.sample(NUMBERS, 2)
    info = np.iinfo(before) if np.dtype(before).kind in "iu" else None
    if info:
        values = [rng.randint(info.min, info.max) if rng.random() < 0.5 else rng.randrange(100) for _ in range(count)]
    else:
        values = [rng.choice([1.5, -2.75, 100.25, 1e3, -1e4, 6e4, 0.0, -0.5]) for _ in range(count)]
    source(f"converted{n}_s.h5", np.array(values).astype(before), **how())
    view(file, [count], after, [(space([count]), f"converted{n}_s.h5", "d", space([count]))])
    judge(f"converted {before} to {after}", file)


def others(n):
    """Text, compounds, enumerations, arrays."""
    file, of = f"others{n}.h5", f"others{n}_s.h5"
    words = np.array(["a", "bcd", "", "longer text", "ü"], dtype=object)
    pick = n % 6
    if pick == 0:
        source(of, words, dtype=h5py.string_dtype())
        after, count = h5py.string_dtype(), 5
    elif pick == 1:
        source(of, np.array([b"abc", b"de", b""], dtype="S3"))
        after, count = rng.choice(["S2", "S7"]), 3
    elif pick == 2:
        source(of, np.array([(1, 2.5, 3), (4, 5.5, 6)], dtype=[("a", "<i4"), ("b", ">f8"), ("c", "u1")]))
        after, count = rng.choice([[("b", "<f4"), ("a", "<i8")], [("c", ">u2")], [("a", "<i2"), ("z", "<i4")]]), 2
    elif pick == 3:
        of_enum = h5py.enum_dtype({"RED": 1, "GREEN": 2}, basetype="i1")
        source(of, np.array([1, 2, 2], dtype="i1"), dtype=of_enum)
        after, count = h5py.enum_dtype({"GREEN": 2, "RED": 1}, basetype=">i2"), 3
    elif pick == 4:
        source(of, np.array([(np.arange(3),), (np.arange(3) + 5,)], dtype=[("x", "<i4", (3,))]))
        after, count = [("x", ">f4", (3,))], 2
    else:
        source(of, np.array([(1, "é"), (2, "text")], dtype=[("n", "<i4"), ("t", h5py.string_dtype())]))
        after, count = np.dtype([("n", "<i4"), ("t", h5py.string_dtype())]), 2
    view(file, [count], after, [(space([count]), of, "d", space([count]))])
    judge("other types", file)


for make, count in ((limited, 110), (irregular, 25), (unlimited, 60), (blocks, 20), (nested, 25), (converted, 60), (others, 24)):
    for n in range(count):
        make(n)
with open("views.json", "w") as out:
    json.dump(cases, out)
print(len(cases))
