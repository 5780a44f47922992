"""Files of 64 MB and more, whose raw data lies between the headers: what a listing over a network has to skip.

usage: make_request_files.py FOLDER
"""
import os
import sys

import h5py
import numpy as np

GROUPS, DATASETS, VALUES = 20, 50, 17_000  # 1,000 datasets of 68 KB


def fill(f):
    for g in range(GROUPS):
        group = f.create_group(f"group{g:02}")
        for d in range(DATASETS):
            dataset = group.create_dataset(f"data{d:02}", data=np.full(VALUES, g * DATASETS + d, "<f4"))
            dataset.attrs["index"] = d
    f.create_dataset("images", data=np.arange(64 * 256 * 256, dtype="<u2").reshape(64, 256, 256), chunks=(1, 128, 128),
                     compression="gzip")


def main(folder):
    with h5py.File(os.path.join(folder, "earliest.h5"), "w", libver=("earliest", "v108")) as f:
        fill(f)
    with h5py.File(os.path.join(folder, "paged.h5"), "w", libver=("v110", "v110"), fs_strategy="page", fs_page_size=1 << 20) as f:
        fill(f)


if __name__ == "__main__":
    main(sys.argv[1])
