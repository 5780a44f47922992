"""What Python does for the same: h5py and safetensors. Each direction by itself, so that the peak memory is its own.

usage: reference.py h5-to-safetensors|safetensors-to-h5 FROM TO
"""

import json
import resource
import sys
import time

import h5py
from safetensors.numpy import load_file, save_file


def to_safetensors(source, target):
    with h5py.File(source) as file:
        save_file({name: dataset[()] for name, dataset in file.items()}, target)


def to_h5(source, target):
    tensors = load_file(source)
    with h5py.File(target, "w", track_order=True) as file:
        for name, data in tensors.items():
            file.create_dataset(name, data=data)


began = time.perf_counter()
usage = resource.getrusage(resource.RUSAGE_SELF)
cpu = usage.ru_utime + usage.ru_stime
{"h5-to-safetensors": to_safetensors, "safetensors-to-h5": to_h5}[sys.argv[1]](sys.argv[2], sys.argv[3])
usage = resource.getrusage(resource.RUSAGE_SELF)
seconds = time.perf_counter() - began
print(json.dumps({"seconds": seconds, "cpu": usage.ru_utime + usage.ru_stime - cpu, "peak": usage.ru_maxrss * 1024}))
