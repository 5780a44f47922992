/**
 * The fences of this workspace as one table: who may import whom, and how large things may grow.
 * `npm run lint` holds the code against it (scripts/fences.ts); what is not allowed here is forbidden.
 */

export interface FencesConfig {
  /** For each package (folder below packages/) the packages that it may import. Tests obey this as well. */
  readonly packages: Readonly<Record<string, readonly string[]>>;
  /**
   * For a package with layers: for each folder, or file at the top, of its src/ the others that it may import; a name
   * with a slash or of another package is that package. Tests are exempt. Folders that are not listed are an error.
   */
  readonly layers: Readonly<Record<string, Readonly<Record<string, readonly string[]>>>>;
  /** Names that only some folders of a package may import; packages above are free. */
  readonly restricted: readonly {
    readonly name: string;
    readonly package: string;
    readonly folders: readonly string[];
  }[];
  /** Folders whose files may name each other's types in a ring, and why; rings of values are never allowed. */
  readonly typeRings: readonly { readonly package: string; readonly folder: string; readonly reason: string }[];
  /** The only files that may look for Node, and the packages that run in Node alone. */
  readonly platform: { readonly files: readonly string[]; readonly packages: readonly string[] };
  /** Folders (from the root) whose files may touch a generator of steps directly: the drivers. */
  readonly drivers: readonly string[];
  readonly limits: { readonly fileLines: number; readonly functionLines: number };
  /** What may exceed a limit, and why: a file as a whole, or a function in it. */
  readonly exceptions: readonly { readonly file: string; readonly function?: string; readonly reason: string }[];
}

export const config: FencesConfig = {
  packages: {
    filters: [],
    core: ["filters"],
    vds: ["core", "filters"],
    h5ts: ["vds", "core", "filters"],
    "arrow-adapter": ["h5ts"],
    pickle: ["h5ts"],
    "pandas-compat": ["h5ts", "pickle"],
    weights: ["h5ts", "pickle"],
    cli: ["h5ts", "arrow-adapter", "pandas-compat", "weights"],
  },
  layers: {
    core: {
      errors: [],
      bytes: ["errors"],
      format: ["errors", "bytes"],
      steps: ["errors", "bytes"],
      data: ["errors", "bytes", "format"],
      contract: ["errors", "bytes", "format", "steps", "data"],
      storage: ["errors", "bytes", "steps"],
      engine: ["errors", "bytes", "format", "steps", "data", "contract", "@h5ts/filters"],
      editor: ["errors", "bytes", "format", "steps", "data", "contract", "engine", "@h5ts/filters"],
      object: ["errors", "steps", "data", "contract"],
      "kept-shapes": ["steps", "bytes", "format", "data", "contract", "engine", "object"],
      index: [
        "kept-shapes",
        "errors",
        "bytes",
        "format",
        "steps",
        "data",
        "contract",
        "storage",
        "engine",
        "editor",
        "object",
      ],
    },
  },
  restricted: [{ name: "Mode", package: "core", folders: ["object", "storage", "index"] }],
  typeRings: [
    {
      package: "core",
      folder: "object",
      reason: "a group gives datasets, a dataset its parent: public classes, one a file",
    },
  ],
  platform: {
    files: ["packages/core/src/storage/platform.ts", "packages/filters/src/platform.ts"],
    packages: ["cli"],
  },
  drivers: ["packages/core/src/steps"],
  limits: { fileLines: 300, functionLines: 40 },
  exceptions: [
    {
      file: "packages/core/src/contract.ts",
      reason: "the values that cross between engine and object model, every field with its sentence: public names",
    },
    {
      file: "packages/filters/src/kernels/inflate.ts",
      function: "#codes",
      reason: "the decoder's inner loop: bit buffer and positions live in local variables",
    },
    {
      file: "packages/filters/src/kernels/bitshuffle.ts",
      function: "bitunshuffleBlock",
      reason: "the transpose of 8 x 8 bits, inlined",
    },
    {
      file: "packages/filters/src/kernels/bitshuffle.ts",
      function: "bitshuffleBlock",
      reason: "the transpose of 8 x 8 bits, inlined",
    },
    {
      file: "packages/filters/src/kernels/blosclz.ts",
      function: "blosclzDecode",
      reason: "the decoder's inner loop: positions live in local variables",
    },
    {
      file: "packages/filters/src/kernels/lz4.ts",
      function: "lz4Decode",
      reason: "the decoder's inner loop: positions live in local variables",
    },
    {
      file: "packages/filters/src/kernels/lz4.ts",
      function: "lz4Encode",
      reason: "the encoder's inner loop: positions live in local variables",
    },
    {
      file: "packages/filters/src/kernels/lzf.ts",
      function: "lzfEncode",
      reason: "the encoder's inner loop: positions live in local variables",
    },
    {
      file: "packages/filters/src/kernels/snappy.ts",
      function: "snappyDecode",
      reason: "the decoder's inner loop: positions live in local variables",
    },
    {
      file: "packages/filters/src/kernels/zstd/sequences.ts",
      function: "run",
      reason: "the decoder's inner loop: bits, states and positions live in local variables",
    },
  ],
};
