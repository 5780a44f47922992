"""What Keras, torch, safetensors and h5py make of files that h5ts wrote.

usage: judge.py FOLDER

FOLDER/tasks.json lists files: { "keras": [{ file, like, weights }], "states": [file] }. Prints as JSON the largest difference of each
model's predictions from those that its .json tells, and of each state dict what differs from that of the same tensors in state.pt.
"""

import json
import os
import sys

os.environ["KERAS_BACKEND"] = "torch"

import h5py
import keras
import numpy as np
import torch
from safetensors.torch import load_file


def predictions(folder, task):
    with open(f"{folder}/{task['like']}.json") as file:
        expected = json.load(file)
    given = [np.array(x["data"], x["dtype"]).reshape(x["shape"]) for x in expected["inputs"]]
    if task.get("weights"):
        model = keras.models.load_model(f"{folder}/{task['like']}.keras")
        for weight in model.weights:
            weight.assign(np.zeros(weight.shape))
        model.load_weights(f"{folder}/{task['file']}")
    else:
        model = keras.models.load_model(f"{folder}/{task['file']}", compile=False)
    found = np.asarray(model.predict(given if len(given) > 1 else given[0], verbose=0))
    return float(abs(found.ravel() - np.array(expected["output"]["data"])).max())


def bits(tensor):
    tensor = tensor.contiguous()
    return list(tensor.shape), str(tensor.dtype), tensor.reshape(-1).view(torch.uint8).tolist() if tensor.numel() else []


def from_h5(path):
    """A state dict as anyone reads it with h5py: small floats by the attribute that names them."""
    found = {}
    with h5py.File(path) as file:
        for name, dataset in file.items():
            name = json.loads(dataset.attrs["tensor_name"]) if "tensor_name" in dataset.attrs else name
            named = dataset.attrs.get("dtype")
            if named is None:
                found[name] = torch.from_numpy(np.asarray(dataset[()]))
            else:
                raw = np.empty(dataset.shape, f"V{dataset.dtype.itemsize if dataset.dtype.kind == 'V' else dataset.id.get_type().get_size()}")
                dataset.id.read(h5py.h5s.ALL, h5py.h5s.ALL, raw, dataset.id.get_type())
                found[name] = torch.from_numpy(raw.view(f"u{raw.dtype.itemsize}")).view(getattr(torch, named))
    return found


def differences(folder, name):
    expected = torch.load(f"{folder}/state.pt")
    found = load_file(f"{folder}/{name}") if name.endswith(".safetensors") else from_h5(f"{folder}/{name}")
    odd = sorted(set(expected) ^ set(found))
    return odd + [key for key in expected if key in found and bits(expected[key]) != bits(found[key])]


def main(folder):
    with open(f"{folder}/tasks.json") as file:
        tasks = json.load(file)
    result = {"keras": {}, "states": {}}
    for task in tasks["keras"]:
        try:
            result["keras"][task["file"]] = predictions(folder, task)
        except Exception as error:  # what Keras says is the answer
            result["keras"][task["file"]] = f"{type(error).__name__}: {error}"[:500]
    for name in tasks["states"]:
        result["states"][name] = differences(folder, name)
    with open(f"{folder}/judged.json", "w") as file:
        json.dump(result, file)


main(sys.argv[1])
