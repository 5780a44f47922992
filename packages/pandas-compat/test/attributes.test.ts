/** Attributes as PyTables keeps them, by libhdf5's own reading of the bytes. */
import { PickleDict, PickleTuple } from "@h5ts/pickle";
import { MemoryStorage, open } from "h5ts";
import { expect, it } from "vitest";
import { NodeAttributes } from "../src/pytables/attributes.ts";
import { asBool, asBytes, asInt64, asPickle, asText, writeAttributes } from "../src/pytables/write-attributes.ts";

it("come back as they were, in the bytes of PyTables", async () => {
  const file = await open(new MemoryStorage(), "w");
  const nested = new PickleDict([
    [
      1n,
      new PickleDict([
        ["names", [null]],
        ["type", "Index"],
      ]),
    ],
    ["index", new PickleDict()],
  ]);
  await writeAttributes(file, {
    text: asText("ünï"),
    empty: asText(""),
    bytes: asBytes("ab"),
    yes: asBool(true),
    many: asInt64(2n ** 62n),
    tuple: asPickle(PickleTuple.holding([2n, 0n])),
    dict: asPickle(nested),
    odd: asPickle(["a\\b\nü日\u{1f600}", 2.5, -1n, 2n ** 80n, true, Number.NaN]),
    zone: asPickle({ kind: "zone", name: "Europe/Madrid" }),
    old: asPickle({ kind: "zone", name: "Europe/Madrid" }, 1),
    freq: asPickle({ kind: "frequency", name: "2QE-NOV" }),
  });
  const attrs = await NodeAttributes.of(file);
  expect(Object.fromEntries(attrs.names.map((name) => [name, attrs.get(name)]))).toEqual({
    text: "ünï",
    empty: "",
    bytes: new TextEncoder().encode("ab"),
    yes: true,
    many: 2n ** 62n,
    tuple: PickleTuple.holding([2n, 0n]),
    dict: nested,
    odd: ["a\\b\nü日\u{1f600}", 2.5, -1n, 2n ** 80n, true, Number.NaN],
    zone: { kind: "zone", name: "Europe/Madrid" },
    old: { kind: "zone", name: "Europe/Madrid" },
    freq: { kind: "frequency", name: "2QE-NOV" },
  });
  const info = await file.attrs.info("tuple");
  expect(info?.datatype).toMatchObject({ class: "string", size: 9, padding: "nullterm", charset: "ascii" });
  expect(new TextDecoder().decode(info?.data)).toBe("(I2\nI0\nt.");
  await file.close();
});
