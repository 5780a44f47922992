"""Writes frames of many kinds with real pandas, and what it reads of them.

usage: pandas_writes.py FILE.h5 OUT.json FOLDER-OF-check_roundtrip
"""
import json
import sys
import warnings

warnings.simplefilter("ignore")
path, out, folder = sys.argv[1:]
sys.path.insert(0, folder)
import numpy as np  # noqa: E402
import pandas as pd  # noqa: E402
from check_roundtrip import enc_frame  # noqa: E402

N = 30
rng = np.random.default_rng(5)
INDEXES = {
    "range": pd.RangeIndex(N),
    "int32": pd.Index(np.arange(N, dtype="i4") * 3, name="i"),
    "float": pd.Index(rng.normal(size=N)),
    "text": pd.Index([f"k{i}" for i in range(N)], name="t"),
    "gaps": pd.Index(["nan" if i == 1 else None if i % 5 == 0 else f"k{i}" for i in range(N)], name="g"),
    "date": pd.date_range("2020-01-31", periods=N, freq="B", name="d"),
    "zone": pd.date_range("2020-03-28", periods=N, freq="h", tz="Europe/Madrid"),
    "micro": pd.date_range("2020-03-28", periods=N, freq="h").astype("datetime64[us]") if pd.__version__ >= "2" else pd.RangeIndex(N),
    "delta": pd.timedelta_range("1s", periods=N, freq="90s"),
    "period": pd.period_range("2020-01", periods=N, freq="M"),
    "category": pd.CategoricalIndex(list("abc") * (N // 3), name="c"),
    "interval": pd.interval_range(0, N),
    "multi": pd.MultiIndex.from_product([["x", "y", None], range(N // 3)], names=["a", None]),
    "bools": pd.Index([True, False] * (N // 2)),
}
COLUMNS = {
    "text": ["nan" if i == 2 else None if i % 7 == 0 else f"word {i % 4}" for i in range(N)],
    "nones": [None] * N,
    "category": pd.Categorical(list("xyz") * (N // 3), ordered=True),
    "int": np.arange(N),
    "bool": np.arange(N) % 3 == 0,
    "float": rng.normal(size=N),
    "date": pd.date_range("2021-01-01", periods=N),
    "utc": pd.date_range("2021-01-01", periods=N, tz="UTC"),
    "delta": pd.timedelta_range("1s", periods=N),
    "nullable": pd.array([1, None] * (N // 2), dtype="Int64"),
    "period": pd.period_range("2020-01", periods=N, freq="M"),
    "complex": np.arange(N) * 1j,
}
frames = {}
for name, index in INDEXES.items():
    frames[f"index_{name}"] = pd.DataFrame({"v": np.arange(N), "s": COLUMNS["text"], "f": COLUMNS["float"]}, index=index)
for name, values in COLUMNS.items():
    frames[f"column_{name}"] = pd.DataFrame({"a": values, "n": np.arange(N)})
frames["wide"] = pd.DataFrame({n: v for n, v in COLUMNS.items() if n not in ("nullable", "period", "complex")})
objects, refused = [], []
with pd.HDFStore(path, "w") as store:
    for name, frame in frames.items():
        for kind in ("fixed", "table", "dc", "series"):
            if name == "column_nones" and kind == "fixed":
                continue  # pandas 3 takes objects that are all None for text: the file does not tell
            key = f"/{name}/{kind}"
            try:
                if kind == "series":
                    store.put(key, frame.iloc[:, 0], format="table" if len(objects) % 2 else "fixed")
                elif kind == "dc":
                    store.append(key, frame, data_columns=True, index=name != "column_complex")
                else:
                    store.put(key, frame, format=kind)
                objects.append({"key": key, **json.loads(json.dumps(enc_frame(store.get(key))))})
            except Exception as e:  # noqa: BLE001
                refused.append([key, f"{type(e).__name__}: {str(e)[:100]}"])
json.dump({"objects": objects, "refused": refused}, open(out, "w"))
