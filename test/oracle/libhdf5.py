"""The functions of libhdf5 that h5py does not wrap, or wraps with conversions: called on the library that h5py has loaded."""
import ctypes

import h5py

# The symbols of a shared library's dependencies are found through its own handle: no path has to be known.
LIB = ctypes.CDLL(h5py.h5.__file__)

hid, ptr, text = ctypes.c_int64, ctypes.c_void_p, ctypes.c_char_p
c_int, c_uint, size_t, hsize = ctypes.c_int, ctypes.c_uint, ctypes.c_size_t, ctypes.c_uint64

SIGNATURES = {
    "H5Dread": (c_int, hid, hid, hid, hid, hid, ptr),
    "H5Dget_type": (hid, hid),
    "H5Aread": (c_int, hid, hid, ptr),
    "H5Aget_type": (hid, hid),
    "H5Pget_fill_value": (c_int, hid, hid, ptr),
    "H5Pget_filter2": (c_int, hid, c_uint, ptr, ptr, ptr, size_t, ptr, ptr),
    "H5Pset_mdc_image_config": (c_int, hid, ptr),
    "H5Pset_sym_k": (c_int, hid, c_uint, c_uint),
    "H5Pset_istore_k": (c_int, hid, c_uint),
    "H5Pset_userblock": (c_int, hid, hsize),
    "H5Pset_chunk_opts": (c_int, hid, c_uint),
    "H5Pset_shared_mesg_nindexes": (c_int, hid, c_uint),
    "H5Pset_shared_mesg_index": (c_int, hid, c_uint, c_uint, c_uint),
    "H5Pset_shared_mesg_phase_change": (c_int, hid, c_uint, c_uint),
    "H5Tget_class": (c_int, hid),
    "H5Tget_size": (size_t, hid),
    "H5Tget_order": (c_int, hid),
    "H5Tget_sign": (c_int, hid),
    "H5Tget_precision": (size_t, hid),
    "H5Tget_offset": (c_int, hid),
    "H5Tget_fields": (c_int, hid, ptr, ptr, ptr, ptr, ptr),
    "H5Tget_ebias": (size_t, hid),
    "H5Tget_norm": (c_int, hid),
    "H5Tget_strpad": (c_int, hid),
    "H5Tget_cset": (c_int, hid),
    "H5Tis_variable_str": (c_int, hid),
    "H5Tget_tag": (ptr, hid),
    "H5Tget_nmembers": (c_int, hid),
    "H5Tget_member_name": (ptr, hid, c_uint),
    "H5Tget_member_offset": (size_t, hid, c_uint),
    "H5Tget_member_type": (hid, hid, c_uint),
    "H5Tget_member_value": (c_int, hid, c_uint, ptr),
    "H5Tget_super": (hid, hid),
    "H5Tget_array_ndims": (c_int, hid),
    "H5Tget_array_dims2": (c_int, hid, ptr),
    "H5Tcommitted": (c_int, hid),
    "H5Tclose": (c_int, hid),
    "H5Tcopy": (hid, hid),
    "H5Tset_size": (c_int, hid, size_t),
    "H5Tset_precision": (c_int, hid, size_t),
    "H5Tset_offset": (c_int, hid, size_t),
    "H5Tcreate": (hid, c_int, size_t),
    "H5Tcomplex_create": (hid, hid),
    "H5Dcreate2": (hid, hid, text, hid, hid, hid, hid, hid),
    "H5Dwrite": (c_int, hid, hid, hid, hid, hid, ptr),
    "H5Dclose": (c_int, hid),
    "H5Rget_region": (hid, hid, c_int, ptr),
    "H5Rdereference2": (hid, hid, hid, c_int, ptr),
    "H5Rget_type": (c_int, ptr),
    "H5Rget_attr_name": (ctypes.c_ssize_t, ptr, ptr, size_t),
    "H5Ropen_object": (hid, ptr, hid, hid),
    "H5Ropen_region": (hid, ptr, hid, hid),
    "H5Rcreate_object": (c_int, hid, text, hid, ptr),
    "H5Rcreate_region": (c_int, hid, text, hid, hid, ptr),
    "H5Rcreate_attr": (c_int, hid, text, text, hid, ptr),
    "H5free_memory": (c_int, ptr),
    "H5Ewalk2": (c_int, hid, c_int, ptr, ptr),
}


class Missing:
    """Stands for a function that this libhdf5 does not have."""

    def __init__(self, name):
        self.name = name

    def __call__(self, *_):
        raise NotImplementedError(f"{self.name} is not in this libhdf5")


def bind(name):
    try:
        function = getattr(LIB, name)
    except AttributeError:
        return Missing(name)
    function.restype, *function.argtypes = SIGNATURES[name]
    return function


H5 = type("H5", (), {name: staticmethod(bind(name)) for name in SIGNATURES})


def owned_text(pointer):
    """The bytes of a string that libhdf5 allocated for us."""
    if not pointer:
        return b""
    value = ctypes.string_at(pointer)
    H5.H5free_memory(pointer)
    return value


def global_id(name):
    """The identifier in a global variable of libhdf5, such as `H5T_STD_REF_g`."""
    return hid.in_dll(LIB, name).value


def shown(name):
    """Text of name bytes; those that are not UTF-8 as `\\xNN`."""
    return name.decode("utf-8", "backslashreplace") if isinstance(name, bytes) else name
