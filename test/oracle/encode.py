"""The canonical bytes of elements that libhdf5 has read into memory."""
import ctypes
import math
import struct
from fractions import Fraction

import numpy as np
from h5py import h5d, h5o, h5s

from datatypes import Unreadable
from libhdf5 import H5

U32, U64 = struct.Struct("<I"), struct.Struct("<Q")


def encode(kind, raw, count, fid):
    """`count` elements of type `kind`, one after the other in the memory `raw`."""
    plain = fast(kind, raw, count)
    if plain is not None:
        return plain
    one = ENCODERS[kind.name]
    return b"".join(one(kind, raw[i * kind.size:(i + 1) * kind.size], fid) for i in range(count))


def fast(kind, raw, count):
    """The same for whole arrays of plain numbers; nothing for any other type."""
    if kind.name == "enum":
        kind = kind.base
    whole = (kind.name == "float" and kind.ieee) or (
        kind.name in ("int", "bitfield", "time") and (kind.precision, kind.offset) == (8 * kind.size, 0))
    if not whole:
        return raw[:count * kind.size] if kind.name == "opaque" else None
    if kind.order == "le":
        return raw[:count * kind.size]
    return np.frombuffer(raw, np.uint8, count * kind.size).reshape(count, kind.size)[:, ::-1].tobytes()


def integer(kind, raw, fid):
    return kind.integer(raw)


def enum(kind, raw, fid):
    return ENCODERS[kind.base.name](kind.base, raw, fid)


def number(kind, raw, fid):
    if kind.order == "be":
        raw = raw[::-1]
    elif kind.order == "vax":
        raw = b"".join(raw[i:i + 2] for i in range(len(raw) - 2, -1, -2))
    return raw if kind.ieee else U64.pack(nearest_double(int.from_bytes(raw, "little"), kind.fields, kind.norm))


def nearest_double(bits, fields, norm):
    """The bits of the float64 nearest to a number of any floating-point format, ties to even."""
    sign_at, exponent_at, exponent_size, mantissa_at, mantissa_size, bias = fields
    sign = (bits >> sign_at & 1) << 63
    exponent = bits >> exponent_at & (1 << exponent_size) - 1
    mantissa = bits >> mantissa_at & (1 << mantissa_size) - 1
    if exponent_size and exponent == (1 << exponent_size) - 1:
        rest = mantissa & ~(1 << mantissa_size - 1) if norm == "none" else mantissa
        return 0x7FF8000000000000 if rest else sign | 0x7FF0000000000000
    scale = exponent - bias - (mantissa_size - 1)
    if norm == "implied":
        scale -= 1
        if exponent == 0:
            scale += 1
        else:
            mantissa |= 1 << mantissa_size
    if mantissa == 0:
        return sign
    value = Fraction(mantissa) * Fraction(2) ** scale
    try:
        nearest = value.numerator / value.denominator
    except OverflowError:
        nearest = math.inf
    return sign | U64.unpack(struct.pack("<d", nearest))[0]


def sized(data):
    return U32.pack(len(data)) + data


def string(kind, raw, fid):
    if kind.variable:
        pointer = U64.unpack(raw)[0]
        return sized(ctypes.string_at(pointer) if pointer else b"")
    if kind.pad == "nullpad":
        return sized(raw.rstrip(b"\0"))
    if kind.pad == "spacepad":
        return sized(raw.rstrip(b" "))
    return sized(raw.split(b"\0", 1)[0])


def compound(kind, raw, fid):
    return b"".join(encode(member, raw[at:at + member.size], 1, fid) for _, at, member in kind.members)


def array(kind, raw, fid):
    return encode(kind.base, raw, kind.count, fid)


def vlen(kind, raw, fid):
    count, pointer = struct.unpack("<QQ", raw)
    if not count or not pointer:
        return U32.pack(0)
    return U32.pack(count) + encode(kind.base, ctypes.string_at(pointer, count * kind.base.size), count, fid)


def reference(kind, raw, fid):
    if kind.kind == "object":
        return raw
    return region(raw, fid) if kind.kind == "region" else standard(raw)


def region(raw, fid):
    if not any(raw):
        return bytes(9)
    stored = ctypes.create_string_buffer(raw, 16)
    target = H5.H5Rdereference2(fid.id, 0, 1, stored)
    space = H5.H5Rget_region(fid.id, 1, stored)
    if target < 0 or space < 0:
        raise Unreadable("region reference")
    return U64.pack(address_of(target)) + selection(h5s.SpaceID(space))


def standard(raw):
    if not any(raw):
        return b"\xff"
    stored = ctypes.create_string_buffer(raw, 64)
    kind = H5.H5Rget_type(stored)
    target = H5.H5Ropen_object(stored, 0, 0)
    if kind not in (2, 3, 4) or target < 0:
        raise Unreadable("reference")
    out = struct.pack("<B", kind) + U64.pack(address_of(target))
    if kind == 3:
        return out + selection(h5s.SpaceID(H5.H5Ropen_region(stored, 0, 0)))
    if kind == 4:
        name = ctypes.create_string_buffer(65536)
        length = H5.H5Rget_attr_name(stored, name, 65536)
        return out + sized(name.raw[:length])
    return out


def address_of(identifier):
    return h5o.get_info(h5d.DatasetID(identifier)).addr


def selection(space):
    kind, dims = space.get_select_type(), space.shape
    if kind == h5s.SEL_NONE:
        return b"\0"
    if kind == h5s.SEL_POINTS:
        points = space.get_select_elem_pointlist()
        return struct.pack("<BIQ", 1, len(dims), len(points)) + np.asarray(points, "<u8").tobytes()
    runs = [(0, math.prod(dims))] if kind == h5s.SEL_ALL else merged(rows(space, dims))
    return struct.pack("<BIQ", 2, len(dims), len(runs)) + b"".join(struct.pack("<QQ", *run) for run in runs)


def rows(space, dims):
    """A run for each row of each block, elements numbered in row-major order."""
    for first, last in space.get_select_hyper_blocklist():
        lead = [range(int(a), int(b) + 1) for a, b in zip(first[:-1], last[:-1])]
        length = int(last[-1]) - int(first[-1]) + 1
        for place in np.ndindex(*map(len, lead)):
            coordinates = [axis[i] for axis, i in zip(lead, place)] + [int(first[-1])]
            index = 0
            for extent, coordinate in zip(dims, coordinates):
                index = index * int(extent) + coordinate
            yield index, length


def merged(runs):
    out = []
    for start, length in sorted(runs):
        if out and sum(out[-1]) == start:
            out[-1] = out[-1][0], out[-1][1] + length
        else:
            out.append((start, length))
    return out


ENCODERS = {"int": integer, "bitfield": integer, "time": integer, "enum": enum, "float": number, "string": string,
            "opaque": lambda kind, raw, fid: raw, "compound": compound, "array": array, "complex": array,
            "vlen": vlen, "ref": reference}
