"""Makes models with Keras, on the torch backend, and state dicts: what h5ts reads, rewrites and runs.

usage: make_models.py FOLDER

Of each model NAME.h5, NAME.keras and NAME.weights.h5, and NAME.json: inputs, and what Keras predicts of them. Weights are not as they
were initialized: every one is drawn at random, moving statistics too.
"""

import json
import os
import sys

os.environ["KERAS_BACKEND"] = "torch"

import keras
import numpy as np
import torch
from keras import layers
from safetensors.torch import save_file


def nested():
    inner = keras.Sequential(
        [layers.Input((6,)), layers.Dense(5, activation="relu"), layers.BatchNormalization(), layers.Dense(4)], name="inner"
    )
    x = layers.Input((6,))
    return keras.Model(x, layers.Dense(2, name="head")(inner(x)))


def shared():
    a, b = layers.Input((8,), name="a"), layers.Input((8,), name="b")
    tower = layers.Dense(6, activation="tanh", name="tower")
    both = layers.Concatenate()([tower(a), tower(b)])
    return keras.Model([a, b], layers.Dense(1, activation="sigmoid")(both))


def residual():
    x = layers.Input((8, 8, 3))
    y = layers.Conv2D(4, 3, padding="same", use_bias=False)(x)
    y = layers.BatchNormalization()(y)
    y = layers.ReLU()(y)
    z = layers.SeparableConv2D(4, 3, padding="same")(y)
    z = layers.DepthwiseConv2D(3, padding="same")(z)
    y = layers.Add()([y, z])
    return keras.Model(x, layers.GlobalAveragePooling2D()(layers.LeakyReLU(negative_slope=0.2)(y)))


def sequential(*parts):
    return lambda: keras.Sequential(list(parts))


MODELS = {
    "dense": sequential(
        layers.Input((7,)),
        layers.Dense(5, activation="relu", kernel_regularizer="l2"),
        layers.Dropout(0.5),
        layers.Dense(3, activation="softmax"),
    ),
    "conv": sequential(
        layers.Input((12, 12, 2)),
        layers.Conv2D(4, 3, activation="relu"),
        layers.BatchNormalization(),
        layers.MaxPooling2D(),
        layers.Conv2D(3, 2, padding="same"),
        layers.Flatten(),
        layers.Dense(4),
    ),
    "lstm": sequential(
        layers.Input((9, 3)), layers.LSTM(6, return_sequences=True), layers.LSTM(4), layers.Dense(2)
    ),
    "embedding": sequential(
        layers.Input((11,), dtype="int32"), layers.Embedding(20, 5, mask_zero=True), layers.LSTM(4), layers.Dense(1)
    ),
    "bidirectional": sequential(
        layers.Input((6, 4)),
        layers.Bidirectional(layers.LSTM(3, return_sequences=True)),
        layers.Bidirectional(layers.GRU(2, reset_after=False)),
        layers.Dense(2),
    ),
    "timedistributed": sequential(
        layers.Input((5, 6)),
        layers.TimeDistributed(layers.Dense(4)),
        layers.LayerNormalization(),
        layers.SimpleRNN(3, return_sequences=True),
        layers.Conv1D(2, 2),
        layers.PReLU(),
        layers.Flatten(),
    ),
    "nested": nested,
    "shared": shared,
    "residual": residual,
}


def randomize(model, rng):
    for weight in model.weights:
        if "seed" in weight.path:
            continue
        value = rng.normal(size=weight.shape).astype("float32") * 0.5
        weight.assign(abs(value) + 0.1 if "variance" in weight.path else value)


def inputs(model, rng):
    found = []
    for one in model.inputs:
        shape = (3, *one.shape[1:])
        found.append(rng.integers(0, 20, shape) if "int" in str(one.dtype) else rng.normal(size=shape).astype("float32"))
    return found


def state_dict(rng):
    def floats(*shape):
        return torch.tensor(rng.normal(size=shape))

    return {
        "f32": floats(3, 4).to(torch.float32),
        "f64": floats(2, 2),
        "f16": floats(5).to(torch.float16),
        "bf16": floats(4, 2).to(torch.bfloat16),
        "e4m3fn": floats(6).to(torch.float8_e4m3fn),
        "e5m2": floats(6).to(torch.float8_e5m2),
        "i64": torch.arange(5) - 2,
        "i32": torch.arange(3, dtype=torch.int32),
        "u8": torch.arange(7, dtype=torch.uint8),
        "i8": torch.arange(7, dtype=torch.int8) - 3,
        "i16": torch.arange(3, dtype=torch.int16),
        "bool": torch.tensor([True, False, True]),
        "c64": torch.complex(floats(3).to(torch.float32), floats(3).to(torch.float32)),
        "scalar": torch.tensor(2.5),
        "none": torch.zeros((3, 0, 2)),
        "unïcode.重み": floats(2).to(torch.float32),
        "a/b.c": floats(1).to(torch.float32),
    }


def main(folder):
    rng = np.random.default_rng(8)
    for name, make in MODELS.items():
        keras.backend.clear_session()
        model = make()
        randomize(model, rng)
        given = inputs(model, rng)
        predicted = np.asarray(model.predict(given if len(given) > 1 else given[0], verbose=0))
        for ending in (".h5", ".keras"):
            model.save(f"{folder}/{name}{ending}")
        model.save_weights(f"{folder}/{name}.weights.h5")
        with open(f"{folder}/{name}.json", "w") as file:
            json.dump(
                {
                    "inputs": [{"shape": x.shape, "data": x.ravel().tolist(), "dtype": str(x.dtype)} for x in given],
                    "output": {"shape": predicted.shape, "data": predicted.ravel().tolist()},
                },
                file,
            )
    state = state_dict(rng)
    save_file(state, f"{folder}/state.safetensors", metadata={"format": "pt"})
    torch.save(state, f"{folder}/state.pt")


main(sys.argv[1])
