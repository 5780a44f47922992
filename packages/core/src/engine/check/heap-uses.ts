/** Which global heap objects are referred to, and by how many elements. */

/** Elements that refer to one object. */
export interface HeapUse {
  /** Of variable-length types: such an object belongs to one element. */
  values: number;
  /** References to regions and attributes, which may be copied as they are; and virtual layouts. */
  references: number;
  /** Bytes that the longest of the elements needs of it. */
  bytes: number;
  /** Of the first that was found. */
  readonly path: string;
}

export class HeapUses {
  /** By collection, then by index of the object. */
  readonly collections: Map<number, Map<number, HeapUse>> = new Map();

  add(collection: number, index: number, kind: "values" | "references", path: string, bytes: number): void {
    let objects = this.collections.get(collection);
    if (objects === undefined) {
      objects = new Map();
      this.collections.set(collection, objects);
    }
    let use = objects.get(index);
    if (use === undefined) {
      use = { values: 0, references: 0, bytes: 0, path };
      objects.set(index, use);
    }
    use[kind]++;
    use.bytes = Math.max(use.bytes, bytes);
  }
}
