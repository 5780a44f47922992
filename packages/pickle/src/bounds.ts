/** How deep and how large a value is: a few bytes of pickle can refer to one another without end. */
import { LimitError } from "h5ts";

export interface BoundsOptions {
  /** Containers within containers. Default 100. */
  readonly depth?: number;
  /** Values in all, those that are referred to several times counted as often. Default 10,000,000. */
  readonly values?: number;
  /** What an object holds that is no array, map or set. Default: nothing. */
  readonly parts?: (value: object) => Iterable<unknown> | undefined;
}

interface Size {
  depth: number;
  values: number;
}

/** LimitError where a value is deeper or larger than allowed, or contains itself. */
export function checkBounds(value: unknown, options: BoundsOptions = {}): void {
  new Measure(options).of(value, 0);
}

class Measure {
  private readonly depth: number;
  private readonly most: number;
  private readonly parts: (value: object) => Iterable<unknown> | undefined;
  /** `undefined` while an object is being looked at. */
  private readonly known = new Map<object, Size | undefined>();

  constructor({ depth = 100, values = 10_000_000, parts = () => undefined }: BoundsOptions) {
    this.depth = depth;
    this.most = values;
    this.parts = parts;
  }

  of(value: unknown, level: number): Size {
    if (typeof value !== "object" || value === null || ArrayBuffer.isView(value)) return { depth: 0, values: 1 };
    if (level > this.depth) this.refuse("is nested too deeply", `at most ${this.depth} levels`);
    const known = this.known.get(value);
    if (known !== undefined) return known;
    if (this.known.has(value)) this.refuse("contains itself", "trees");
    this.known.set(value, undefined);
    const size = this.sum(value, level);
    this.known.set(value, size);
    if (size.values > this.most) this.refuse("holds too many values", `at most ${this.most}`);
    if (level + size.depth > this.depth) this.refuse("is nested too deeply", `at most ${this.depth} levels`);
    return size;
  }

  private sum(value: object, level: number): Size {
    const size: Size = { depth: 1, values: 1 };
    const add = (part: unknown): void => {
      const { depth, values } = this.of(part, level + 1);
      size.depth = Math.max(size.depth, depth + 1);
      size.values += values;
    };
    if (value instanceof Map) {
      for (const [key, item] of value) {
        add(key);
        add(item);
      }
    } else
      for (const part of Array.isArray(value) || value instanceof Set ? value : (this.parts(value) ?? [])) add(part);
    return size;
  }

  private refuse(reason: string, allowed: string): never {
    throw new LimitError(reason, { structure: "Pickle", allowed });
  }
}
