/** Attributes to be set, from values; and what libhdf5 says of them. */
import type { Address } from "../../src/bytes/address.ts";
import type { NewAttribute } from "../../src/contract.ts";
import type { ValueOptions } from "../../src/data/writing/write-value.ts";
import { valueToWrite } from "../../src/data/writing/write-value.ts";
import { deleteAttribute, modifyAttribute, setAttribute } from "../../src/editor/attributes/edit-attributes.ts";
import { attributes } from "../../src/engine/attributes/attributes.ts";
import { runSync } from "../../src/steps/run-sync.ts";
import { byLibhdf5 } from "./editing.ts";
import type { EditedFile } from "./new-datasets.ts";

/** An attribute as `attrs.set` makes it. */
export function newAttribute(name: string, value: unknown, options: ValueOptions = {}): NewAttribute {
  const { datatype, dims, source } = valueToWrite(value, options);
  const kind = dims === null ? "null" : dims.length === 0 ? "scalar" : "simple";
  const shape = dims ?? [];
  const charset = /^[\0-\x7f]*$/.test(name) ? "ascii" : "utf8";
  return { name, charset, datatype, dataspace: { kind, dims: shape, maxDims: shape }, source };
}

/** The attributes of one object of a file that is being edited. */
export class EditedAttributes {
  readonly edited: EditedFile;
  readonly object: Address;

  constructor(edited: EditedFile, object: Address = edited.file.info.root) {
    this.edited = edited;
    this.object = object;
  }

  set(name: string, value: unknown, options: ValueOptions & Partial<NewAttribute> = {}): void {
    const { committed, charset } = options;
    const made = newAttribute(name, value, { sizes: this.edited.file.info.sizes, ...options });
    const attribute = {
      ...made,
      ...(committed === undefined ? {} : { committed }),
      ...(charset === undefined ? {} : { charset }),
    };
    runSync(setAttribute(this.edited.file, this.object, attribute));
  }

  modify(name: string, value: unknown, options: ValueOptions = {}): void {
    runSync(
      modifyAttribute(
        this.edited.file,
        this.object,
        name,
        valueToWrite(value, { sizes: this.edited.file.info.sizes, ...options }).source,
      ),
    );
  }

  delete(name: string): void {
    runSync(deleteAttribute(this.edited.file, this.object, name));
  }

  /** Names as the engine has them now. */
  names(order: "name" | "creation" = "name"): string[] {
    return runSync(attributes(this.edited.file, this.object, order)).map(({ name }) => name);
  }
}

/** A value of libhdf5's as plain data. */
export function plain(value: unknown): unknown {
  if (ArrayBuffer.isView(value)) return Array.from(value as unknown as ArrayLike<unknown>, plain);
  if (Array.isArray(value)) return value.map(plain);
  return typeof value === "bigint" ? Number(value) : value;
}

/** All attributes of an object, as libhdf5 reads them, by name. */
export function attributesByLibhdf5(bytes: Uint8Array, path = "/"): Record<string, unknown> {
  return byLibhdf5(bytes, (f) => {
    const object = (path === "/" ? f : f.get(path)) as unknown as { attrs: Record<string, { value: unknown }> };
    return Object.fromEntries(Object.entries(object.attrs).map(([name, { value }]) => [name, plain(value)]));
  });
}
