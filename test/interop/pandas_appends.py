"""Appends to each table of a file some of its own rows, as real pandas does, and says what it then reads.

usage: pandas_appends.py FILE.h5 KEYS.json FOLDER-OF-check_roundtrip
"""
import json
import sys
import warnings

warnings.simplefilter("ignore")
path, keys, folder = sys.argv[1:]
sys.path.insert(0, folder)
import pandas as pd  # noqa: E402
from check_roundtrip import enc_frame, known_limit  # noqa: E402

out = {"appended": {}, "refused": {}}
with pd.HDFStore(path, "a") as store:
    for key in json.load(open(keys)):
        base = store.select(key)
        try:
            store.append(key, base.iloc[:7])
        except Exception as e:  # noqa: BLE001
            if not known_limit(e):
                raise
            out["refused"][key] = str(e)[:200]
            continue
        out["appended"][key] = enc_frame(store.select(key))
print(json.dumps(out))
