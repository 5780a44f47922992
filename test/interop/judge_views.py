"""Whether h5py reads of the views in made.json what they should hold: judge_views.py FOLDER. Prints those that differ."""
import json
import os
import sys

import h5py

from make_plain import plain

os.chdir(sys.argv[1])
# JavaScript writes large floats without a point.
cases = json.load(open("made.json"), parse_int=lambda text: int(text) if abs(int(text)) < 2**53 else float(text))
same = 0
for case in cases:
    with h5py.File(case["file"]) as f:
        dataset = f["v"]
        whole = dataset.asstr()[()] if h5py.check_string_dtype(dataset.dtype) else dataset[()]
        found = [list(dataset.shape), plain(whole)]
    if found == [case["shape"], case["values"]]:
        same += 1
    else:
        print(case["kind"], case["file"], found, "instead of", [case["shape"], case["values"]])
print(same, "views are the same")
