"""Indexes beside PyTables.

usage: pandas_indexes.py check FILE.h5   conditions by the indexes of /x/table, against all its rows; says of which kinds they are
       pandas_indexes.py write FILE.h5 ROWS   a table by pandas, with its indexes
       pandas_indexes.py read FILE.h5 WHERE...   rows and bytes that pandas reads for each condition, as the system counts them
       pandas_indexes.py append FILE.h5   appends a hundred rows of /x to it
"""
import json
import sys
import warnings

warnings.simplefilter("ignore")
import numpy as np  # noqa: E402
import pandas as pd  # noqa: E402
import tables  # noqa: E402

what, path, *more = sys.argv[1:]


def bytes_read():
    with open("/proc/self/io") as f:
        return int(f.readline().split()[1])


def check():
    wrong, kinds, tried = [], {}, 0
    rng = np.random.default_rng(3)
    with tables.open_file(path) as f:
        table = f.root.x.table
        rows = table[:]
        for name, index in table.colindexes.items():
            kinds[name] = [index.kind, index.optlevel, bool(index.is_csi)]
            assert not index.dirty and index.nelements == table.nrows, name
            values = rows[name]
            column = table.cols._f_col(name)
            for _ in range(3):
                low, high = sorted(v for v in values[rng.integers(len(values), size=2)] if v == v) or [0, 0]
                for where, mask in [
                    ("(c >= low) & (c < high)", (values >= low) & (values < high)),
                    ("c == low", values == low),
                    ("c < low", values < low),
                    ("c >= high", values >= high),
                ]:
                    args = (where, {"c": column, "low": low, "high": high})
                    assert table.will_query_use_indexing(*args), (name, where)
                    tried += 1
                    if not np.array_equal(np.sort(table.get_where_list(*args)), mask.nonzero()[0]):
                        wrong.append([name, where, str(low), str(high)])
    return {"kinds": kinds, "tried": tried, "wrong": wrong}


def write():
    n = int(more[0])
    i = np.arange(n)
    frame = pd.DataFrame({"i": np.random.default_rng(5).permutation(n), "g": i * 0.5, "h": i / 3})
    frame["s"] = np.array([f"name {k % 1000}" for k in range(n)], dtype=object)
    with pd.HDFStore(path, "w") as store:
        store.append("x", frame, data_columns=["i", "s"])


def read():
    counts = []
    with pd.HDFStore(path, "r") as store:
        store.select("x", where="index < 1", stop=1)
    for where in more:
        before = bytes_read()
        with pd.HDFStore(path, "r") as store:
            rows = len(store.select("x", where=where))
        counts.append([rows, bytes_read() - before])
    return counts


def append():
    with pd.HDFStore(path, "a") as store:
        store.append("x", store.select("x", stop=100))


print(json.dumps({"check": check, "write": write, "read": read, "append": append}[what]()))
