#!/usr/bin/env python3
"""What libhdf5 reads from HDF5 files, as JSON (schema h5truth/1): the oracle that digests are compared with.

usage: truth.py FILE...           writes FILE.json beside each FILE
       truth.py --lines           reads paths from standard input; for each writes one line of JSON, from a child
                                  process with limits of its own, so that a crash or a hang costs only that file
"""
import ctypes
import hashlib
import json
import os
import resource
import sys

os.environ.setdefault("HDF5_USE_FILE_LOCKING", "FALSE")
import h5py  # noqa: E402
from h5py import h5a, h5d, h5f, h5g, h5l, h5o, h5p, h5s, h5t, h5z  # noqa: E402

from datatypes import Type, Unreadable  # noqa: E402
from encode import encode  # noqa: E402
from libhdf5 import H5, shown  # noqa: E402

try:
    import hdf5plugin  # noqa: F401,E402
except ImportError:
    hdf5plugin = None

LARGEST, HEX, SECONDS, MEMORY = 64 << 20, 256, 20, 4 << 30
LAYOUTS = {0: "compact", 1: "contiguous", 2: "chunked", 3: "virtual"}
UNLIMITED = 2**64 - 1


def guarded(record, body):
    """Runs `body`; what it cannot read is said on the record."""
    try:
        body(record)
    except (Unreadable, NotImplementedError, OSError, RuntimeError, ValueError, KeyError, TypeError, MemoryError) as e:
        record["oracle"] = "unreadable"
        record["reason"] = str(e)[:200]
    return record


def add_digest(record, data):
    record.update(sha256=hashlib.sha256(data).hexdigest(), nbytes=len(data))
    if len(data) <= HEX:
        record["hex"] = data.hex()


class Walk:
    """The objects of a file, each under the first path that reaches it by hard links, names in byte order."""

    def __init__(self, path):
        self.fid = h5f.open(os.fsencode(path), h5f.ACC_RDONLY)
        plist = self.fid.get_create_plist()
        self.addresses, self.lengths = plist.get_sizes()
        self.userblock = plist.get_userblock()
        self.paths, self.objects, self.committed = {}, [], []

    def run(self):
        sys.setrecursionlimit(100_000)
        self.visit(h5o.open(self.fid, b"/"), int(h5o.get_info(self.fid).addr), "/")
        for record, address in self.committed:
            record["committed"] = self.paths.get(address, "(unlinked)")
        return self.objects

    def visit(self, oid, address, path):
        self.paths[address] = path
        record = {"path": path, "kind": "unknown", "addr": address}
        self.objects.append(record)
        hard = []
        if isinstance(oid, h5g.GroupID):
            record["kind"] = "group"
            guarded(record, lambda r: hard.extend(self.links(oid, r)))
        elif isinstance(oid, h5d.DatasetID):
            record["kind"] = "dataset"
            guarded(record, lambda r: self.dataset(oid, r))
        elif isinstance(oid, h5t.TypeID):
            record["kind"] = "datatype"
            guarded(record, lambda r: r.update(dtype=Type(oid.id, self.addresses).json))
        record["attrs"] = self.attributes(oid)
        for name, link in hard:
            self.follow(oid, name, link, f"{'' if path == '/' else path}/{shown(name)}")

    def follow(self, parent, name, link, path):
        found = []

        def body(link):
            child = h5o.open(parent, name)
            found.append((child, int(h5o.get_info(child).addr)))
            link["target"] = self.paths.get(found[0][1], path)

        guarded(link, body)
        for child, address in found:
            if address not in self.paths:
                self.visit(child, address, path)

    def links(self, oid, record):
        """Records the links of a group; yields the hard ones, to be followed."""
        record["links"] = out = []
        names = []
        oid.links.iterate(lambda name: names.append(name))
        for name in sorted(names):
            link = {"name": shown(name)}
            out.append(link)
            guarded(link, lambda link: self.link(oid, name, link))
            if link.get("type") == "hard":
                yield name, link

    def link(self, oid, name, link):
        kind = oid.links.get_info(name).type
        if kind == h5l.TYPE_HARD:
            link["type"] = "hard"
        elif kind == h5l.TYPE_SOFT:
            link.update(type="soft", target=shown(oid.links.get_val(name)))
        elif kind == h5l.TYPE_EXTERNAL:
            file, target = oid.links.get_val(name)
            link.update(type="external", file=shown(file), target=shown(target))
        else:
            link.update(type="user", code=int(kind))

    def attributes(self, oid):
        try:
            opened = [h5a.open(oid, index=i) for i in range(h5a.get_num_attrs(oid))]
        except Exception as e:  # h5py raises whatever class suits the library's message
            return [{"name": "", "oracle": "unreadable", "reason": str(e)[:200]}]
        named = sorted(((os.fsencode(a.name), a) for a in opened), key=lambda pair: pair[0])
        return [guarded({"name": shown(name)}, lambda r: self.attribute(aid, r)) for name, aid in named]

    def attribute(self, aid, record):
        record["shape"], _ = self.space(aid.get_space())
        tid = H5.H5Aget_type(aid.id)
        kind = self.datatype(tid, record)
        count = self.count(record["shape"])
        if count * max(kind.size, kind.file_size) > LARGEST:
            record["skip"] = "too_large"
            return
        buffer = ctypes.create_string_buffer(max(1, count * kind.size))
        if count and H5.H5Aread(aid.id, tid, buffer) < 0:
            raise Unreadable("H5Aread failed")
        add_digest(record, encode(kind, buffer.raw, count, self.fid) if count else b"")

    def datatype(self, tid, record):
        kind = Type(tid, self.addresses)
        kind.owner = h5t.TypeID(tid)  # closes it with the last reference
        record["dtype"] = kind.json
        if H5.H5Tcommitted(tid) > 0:
            self.committed.append((record, int(h5o.get_info(kind.owner).addr)))
        return kind

    def space(self, sid):
        if sid.get_simple_extent_type() == h5s.NULL:
            return None, None
        most = [None if int(m) in (-1, UNLIMITED) else int(m) for m in sid.get_simple_extent_dims(True)]
        return [int(d) for d in sid.get_simple_extent_dims()], most

    def count(self, shape):
        total = 0 if shape is None else 1
        for extent in shape or ():
            total *= extent
        return total

    def dataset(self, oid, record):
        record["shape"], most = self.space(oid.get_space())
        if most is not None:
            record["maxshape"] = most
        tid = H5.H5Dget_type(oid.id)
        kind = self.datatype(tid, record)
        plist = oid.get_create_plist()
        self.storage(plist, record)
        self.fill(plist, tid, kind, record)
        count = self.count(record["shape"])
        if count * max(kind.size, kind.file_size) > LARGEST:
            record["skip"] = "too_large"
        elif count == 0:
            add_digest(record, b"")
        else:
            self.elements(oid, tid, kind, count, plist, record)

    def elements(self, oid, tid, kind, count, plist, record):
        undefined = plist.get_fill_time() == h5d.FILL_TIME_NEVER or record["fill"]["defined"] == "undefined"
        for number in (f["id"] for f in record.get("filters", ())):
            if not h5z.filter_avail(number) and oid.get_storage_size():
                raise Unreadable(f"filter {number} is not available")
        buffer = ctypes.create_string_buffer(count * kind.size)
        if H5.H5Dread(oid.id, tid, 0, 0, 0, buffer) < 0:
            raise Unreadable("H5Dread failed")
        data = encode(kind, buffer.raw, count, self.fid)
        if undefined and not pointers(kind):
            again = ctypes.create_string_buffer(b"\xaa" * (count * kind.size), count * kind.size)
            H5.H5Dread(oid.id, tid, 0, 0, 0, again)
            if encode(kind, again.raw, count, self.fid) != data:
                raise Unreadable("nothing is stored, and the fill time is never: the content is undefined")
        add_digest(record, data)

    def storage(self, plist, record):
        record["layout"] = LAYOUTS[plist.get_layout()]
        if record["layout"] == "chunked":
            record["chunks"] = [int(c) for c in plist.get_chunk()]
        filters = [self.filter(plist, i) for i in range(plist.get_nfilters())]
        if filters:
            record["filters"] = filters
        external = [plist.get_external(i) for i in range(plist.get_external_count())]
        if external:
            record["external"] = [{"name": shown(n), "offset": int(o), "size": None if int(s) in (-1, UNLIMITED) else int(s)}
                                  for n, o, s in external]
        if record["layout"] == "virtual":
            record["virtual"] = [{"file": shown(plist.get_virtual_filename(i)), "dataset": shown(plist.get_virtual_dsetname(i))}
                                 for i in range(plist.get_virtual_count())]

    def filter(self, plist, i):
        flags, count, values = ctypes.c_uint(), ctypes.c_size_t(256), (ctypes.c_uint * 256)()
        number = H5.H5Pget_filter2(plist.id, i, ctypes.byref(flags), ctypes.byref(count), values, 0, None, None)
        if number < 0:
            raise Unreadable("filter")
        return {"id": number, "flags": flags.value, "cd": list(values[:count.value])}

    def fill(self, plist, tid, kind, record):
        defined = plist.fill_value_defined()
        if defined != h5d.FILL_VALUE_USER_DEFINED:
            record["fill"] = {"defined": "undefined" if defined == h5d.FILL_VALUE_UNDEFINED else "default"}
            return
        value = ctypes.create_string_buffer(kind.size)
        if H5.H5Pget_fill_value(plist.id, tid, value) < 0:
            raise Unreadable("fill value")
        record["fill"] = {"defined": "user", "hex": encode(kind, value.raw, 1, self.fid).hex()}


def pointers(kind):
    """Whether an element in memory holds pointers, so that a buffer must not start as rubbish."""
    if kind.name == "compound":
        return any(pointers(member) for _, _, member in kind.members)
    if kind.name == "array":
        return pointers(kind.base)
    return kind.name == "vlen" or (kind.name == "string" and kind.variable) or (kind.name == "ref" and kind.kind != "object")


def truth(path, name=None):
    with open(path, "rb") as f:
        content = f.read()
    out = {"format": "h5truth/1", "file": name or os.path.basename(path), "bytes": len(content),
           "filesha256": hashlib.sha256(content).hexdigest(), "oracle": "libhdf5 %d.%d.%d" % h5py.h5.get_libversion()}
    try:
        walk = Walk(path)
        base = walk.userblock
        out["superblock"] = {"version": content[base + 8], "userblock": base, "sizeof_addr": walk.addresses,
                             "sizeof_size": walk.lengths}
        out.update(readable=True, objects=walk.run())
        if others := companions(out["objects"]):
            out["companions"] = others
    except (OSError, RuntimeError, ValueError, KeyError, IndexError) as e:
        out.update(readable=False, reason=str(e)[:200], objects=[])
    return out


def companions(objects):
    """Names of the files that links, raw data and virtual datasets refer to."""
    names = {link["file"] for o in objects for link in o.get("links", ()) if link.get("type") == "external"}
    names |= {e["name"] for o in objects for e in o.get("external", ())}
    names |= {v["file"] for o in objects for v in o.get("virtual", ()) if v["file"] != "."}
    return sorted(names)


def in_child(path):
    """The truth of a file as a line, from a process that may crash, hang or run out of memory on its own."""
    readable, writable = os.pipe()
    child = os.fork()
    if child == 0:
        os.close(readable)
        resource.setrlimit(resource.RLIMIT_AS, (MEMORY, MEMORY))
        resource.setrlimit(resource.RLIMIT_CPU, (SECONDS, SECONDS))
        resource.setrlimit(resource.RLIMIT_CORE, (0, 0))
        silent = os.open(os.devnull, os.O_WRONLY)
        os.dup2(silent, 2)
        try:
            os.chdir(os.path.dirname(os.path.abspath(path)))
            with os.fdopen(writable, "w", encoding="utf-8", errors="backslashreplace") as out:
                json.dump(truth(path), out)
            os._exit(0)
        except BaseException:
            os._exit(3)
    os.close(writable)
    with os.fdopen(readable, encoding="utf-8") as source:
        text = source.read()
    _, status = os.waitpid(child, 0)
    if status != 0:
        return json.dumps({"readable": False, "reason": f"the oracle ended with status {status}", "objects": []})
    return text


def main(arguments):
    if arguments == ["--lines"]:
        for line in sys.stdin:
            print(in_child(line.rstrip("\n")), flush=True)
        return
    for path in arguments:
        with open(path + ".json", "w", encoding="utf-8", errors="backslashreplace") as out:
            json.dump(truth(path), out, indent=1, sort_keys=True, ensure_ascii=False)
            out.write("\n")


if __name__ == "__main__":
    main(sys.argv[1:])
