"""Datatypes as libhdf5 describes them: the JSON of the schema, and the sizes that are needed to decode elements in memory."""
import ctypes

from libhdf5 import H5, owned_text, shown

NAMES = {0: "int", 1: "float", 2: "time", 3: "string", 4: "bitfield", 5: "opaque", 6: "compound", 7: "ref", 8: "enum",
         9: "vlen", 10: "array", 11: "complex"}
ORDERS = {0: "le", 1: "be", 2: "vax", 4: "le"}
PADS = {0: "nullterm", 1: "nullpad", 2: "spacepad"}
CHARSETS = {0: "ascii", 1: "utf8"}
NORMS = {0: "implied", 1: "msbset", 2: "none"}
# sign, exponent position and size, mantissa position and size, bias
IEEE = {2: (15, 10, 5, 0, 10, 15), 4: (31, 23, 8, 0, 23, 127), 8: (63, 52, 11, 0, 52, 1023)}
DEPTH = 64


class Unreadable(Exception):
    """libhdf5 could not read this part."""


class Type:
    """A datatype: `json` as the file has it, `size` in memory, `file_size` in the file, and what its class needs."""

    def __init__(self, tid, addresses=8, depth=0):
        if depth > DEPTH:
            raise Unreadable("datatype nested too deeply")
        self.size = self.file_size = H5.H5Tget_size(tid)
        number = H5.H5Tget_class(tid)
        if number not in NAMES:
            raise Unreadable(f"datatype class {number}")
        self.name = NAMES[number]
        self.addresses, self.depth = addresses, depth
        getattr(self, "_" + self.name)(tid)

    def _inner(self, tid):
        try:
            return Type(tid, self.addresses, self.depth + 1)
        finally:
            H5.H5Tclose(tid)

    def _order(self, tid):
        self.order = ORDERS.get(H5.H5Tget_order(tid), "le") if self.size > 1 else "le"

    def _bits(self, tid):
        self._order(tid)
        self.precision, self.offset = H5.H5Tget_precision(tid), H5.H5Tget_offset(tid)
        self.signed = False
        self.json = {"class": self.name, "size": self.size, "order": self.order}

    def _part(self):
        if (self.precision, self.offset) != (8 * self.size, 0):
            self.json.update(precision=self.precision, offset=self.offset)

    def _int(self, tid):
        self._bits(tid)
        self.signed = self.json["signed"] = H5.H5Tget_sign(tid) == 1
        self._part()

    def _bitfield(self, tid):
        self._bits(tid)
        self._part()

    def _time(self, tid):
        self._bits(tid)
        # The schema knows times in one order only, and takes their bytes as they stand.
        self.order = self.json["order"] = "le"
        self._part()

    def _enum(self, tid):
        base = self._inner(H5.H5Tget_super(tid))
        self.base = base
        members = []
        for i in range(H5.H5Tget_nmembers(tid)):
            value = ctypes.create_string_buffer(max(8, self.size))
            H5.H5Tget_member_value(tid, i, value)
            number = int.from_bytes(base.integer(value.raw[:self.size]), "little", signed=getattr(base, "signed", False))
            members.append({"name": shown(owned_text(H5.H5Tget_member_name(tid, i))), "value": str(number)})
        self.json = {"class": "enum", "size": self.size, "base": base.json, "members": members}

    def integer(self, stored):
        """The bytes of an integer in little-endian order, without the bits outside its precision."""
        value = int.from_bytes(stored, "big" if self.order == "be" else "little")
        value = (value >> self.offset) & ((1 << self.precision) - 1)
        if self.signed and value >> (self.precision - 1):
            value -= 1 << self.precision
        return (value % (1 << (8 * self.size))).to_bytes(self.size, "little")

    def _float(self, tid):
        self._order(tid)
        out = [ctypes.c_size_t() for _ in range(5)]
        H5.H5Tget_fields(tid, *map(ctypes.byref, out))
        sign, epos, esize, mpos, msize = (x.value for x in out)
        self.fields = (sign, epos, esize, mpos, msize, H5.H5Tget_ebias(tid))
        self.norm = NORMS.get(H5.H5Tget_norm(tid), "implied")
        precision, offset = H5.H5Tget_precision(tid), H5.H5Tget_offset(tid)
        self.ieee = (IEEE.get(self.size) == self.fields and self.norm == "implied" and self.order != "vax"
                     and (precision, offset) == (8 * self.size, 0))
        self.json = {"class": "float", "size": self.size, "order": self.order}
        if not self.ieee:
            self.json.update(precision=precision, offset=offset, spos=sign, epos=epos, esize=esize, mpos=mpos,
                             msize=msize, ebias=self.fields[5], norm=self.norm)

    def _string(self, tid):
        self.pad = PADS.get(H5.H5Tget_strpad(tid), "reserved")
        charset = CHARSETS.get(H5.H5Tget_cset(tid), "reserved")
        self.variable = H5.H5Tis_variable_str(tid) > 0
        if self.variable:
            self.file_size = 8 + self.addresses
            self.json = {"class": "string", "vlen": True, "strpad": self.pad, "cset": charset}
        else:
            self.json = {"class": "string", "size": self.size, "strpad": self.pad, "cset": charset}

    def _opaque(self, tid):
        self.json = {"class": "opaque", "size": self.size, "tag": shown(owned_text(H5.H5Tget_tag(tid)))}

    def _compound(self, tid):
        self.members = []
        for i in range(H5.H5Tget_nmembers(tid)):
            name = shown(owned_text(H5.H5Tget_member_name(tid, i)))
            self.members.append((name, H5.H5Tget_member_offset(tid, i), self._inner(H5.H5Tget_member_type(tid, i))))
        grown, in_file = 0, {}
        for name, at, member in sorted(self.members, key=lambda m: m[1]):
            in_file[at, name] = at - grown
            grown += member.size - member.file_size
        self.file_size = self.size - grown
        self.json = {"class": "compound", "size": self.file_size,
                     "members": [{"name": n, "offset": in_file[at, n], "type": m.json} for n, at, m in self.members]}

    def _array(self, tid):
        dims = (ctypes.c_uint64 * max(1, H5.H5Tget_array_ndims(tid)))()
        rank = H5.H5Tget_array_dims2(tid, dims)
        self.base, self.count = self._inner(H5.H5Tget_super(tid)), 1
        for extent in dims[:rank]:
            self.count *= extent
        self.file_size = self.count * self.base.file_size
        self.json = {"class": "array", "dims": [int(x) for x in dims[:rank]], "base": self.base.json}

    def _vlen(self, tid):
        self.base = self._inner(H5.H5Tget_super(tid))
        self.file_size = 8 + self.addresses
        self.json = {"class": "vlen", "base": self.base.json}

    def _complex(self, tid):
        self.base, self.count = self._inner(H5.H5Tget_super(tid)), 2
        self.json = {"class": "complex", "size": self.size, "base": self.base.json}

    def _ref(self, tid):
        self.kind = {8: "object", 12: "region"}.get(self.size, "std")
        if self.kind == "std":
            self.file_size = 10 + self.addresses
        self.json = {"class": "ref", "kind": self.kind}
