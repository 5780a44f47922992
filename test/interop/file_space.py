"""Checks files that h5ts made or edited, and goes on editing them: what it does is written to the file's own record."""
import faulthandler
import json
import random
import subprocess
import sys
from pathlib import Path

import h5py
import numpy as np

STRATEGIES = {"fsm": 0, "page": 1, "aggregate": 2, "none": 3}


def check(path, record):
    with h5py.File(path, "r") as f:
        found = set(f.keys())
        assert found == set(record["data"]) | set(record["groups"]), (path, sorted(found))
        for name, (first, count) in record["data"].items():
            assert np.array_equal(f[name][()], np.arange(first, first + count, dtype="<i4")), (path, name)
        for name in record["groups"]:
            assert f[name].attrs["name"] == len(name), (path, name)
        asked = record["asked"]
        plist = f.id.get_create_plist()
        strategy, persist, threshold = plist.get_file_space_strategy()
        assert strategy == STRATEGIES[asked.get("fsStrategy", "fsm")], path
        assert persist == asked.get("fsPersist", False), path
        assert threshold == asked.get("fsThreshold", 1), path
        assert plist.get_file_space_page_size() == asked.get("fsPageSize", 4096), path
        assert plist.get_userblock() == asked.get("userblockSize", 0), path
    if "userblock" in record:
        with open(path, "rb") as f:
            assert f.read(len(record["userblock"])) == record["userblock"].encode(), path


def begin(path, record):
    """Makes the file that the record asks for."""
    asked = record["asked"]
    strategy = {
        "fs_strategy": asked.get("fsStrategy", "fsm"),
        "fs_persist": asked.get("fsPersist", False),
        "fs_threshold": asked.get("fsThreshold", 1),
        "fs_page_size": asked.get("fsPageSize", 4096),
    }
    usual = not {"fsStrategy", "fsPersist"} & set(asked)
    userblock = asked.get("userblockSize", 0)
    libver = (record["libver"], "latest")
    h5py.File(path, "w", libver=libver, userblock_size=userblock, **({} if usual else strategy)).close()
    if userblock > 0:
        with open(path, "r+b") as f:
            f.write(b"USER" * (userblock // 4))
        record["userblock"] = "USER" * (userblock // 4)


def churn(path, record, seed):
    rng = random.Random(seed)
    data, groups = record["data"], record["groups"]
    with h5py.File(path, "r+") as f:
        for kind in (data, groups):
            names = sorted(kind)
            for name in rng.sample(names, len(names) // 2):
                del f[name]
                kind.pop(name) if kind is data else kind.remove(name)
        for i in range(8):
            name, first, count = f"p{seed}-{i}", rng.randrange(1000), rng.randrange(1, 3000)
            f[name] = np.arange(first, first + count, dtype="<i4")
            data[name] = [first, count]
            group = f"{'long ' * rng.randrange(9)}group{seed}-{i}"
            f.create_group(group).attrs["name"] = len(group)
            groups.append(group)


def main(folder, seed, making):
    for record_path in sorted(Path(folder).glob("*.json")):
        path = str(record_path.with_suffix(".h5"))
        record = json.loads(record_path.read_text())
        # A library that does not come back is to say where it was lost.
        faulthandler.dump_traceback_later(30, exit=True)
        print(path, flush=True)
        if making:
            begin(path, record)
        check(path, record)
        subprocess.run(["h5dump", "-H", path], check=True, stdout=subprocess.DEVNULL)
        churn(path, record, seed)
        check(path, record)
        record_path.write_text(json.dumps(record))


main(sys.argv[1], int(sys.argv[2]), sys.argv[3:] == ["begin"])
