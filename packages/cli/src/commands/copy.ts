/** `h5ts copy`: copies an object, with all below it, within a file or from one to another. */
import { existsSync } from "node:fs";
import { type AnyObject, type CopyOptions, type H5File, open } from "h5ts";
import { type Command, type CommandContext, UsageError } from "../command.ts";
import { objectAt, targetOf, withFile } from "../opened.ts";
import { fileAndPath } from "../place.ts";

export const copy: Command = {
  name: "copy",
  summary: "Copy an object with all below it into a file, which is made where there is none",
  usage:
    "[--shallow] [--no-attributes] [--expand-soft] [--expand-external] [--expand-references] SRC[:PATH] DST[:PATH]",
  options: {
    shallow: { type: "boolean" },
    "no-attributes": { type: "boolean" },
    "expand-soft": { type: "boolean" },
    "expand-external": { type: "boolean" },
    "expand-references": { type: "boolean" },
  },
  help: {
    shallow: "of a group only its own members, the groups among them without theirs",
    "no-attributes": "without attributes",
    "expand-soft": "copies of what soft links lead to, in their place",
    "expand-external": "copies of what external links lead to, in their place",
    "expand-references": "copies of what references point at as well",
  },
  details: ["DST is changed in place, all or nothing; it is made where there is none."],
  examples: [
    ["a.h5:/raw b.h5:/backup/raw", "a group with all below it"],
    ["a.h5:/x b.h5", "under its own name"],
  ],
  operands: [2, 2],
  async run(context) {
    const [from, to] = context.operands.map(fileAndPath);
    targetOf(to.file, "copy", "DST");
    await within(from.file, to.file, context, async (source, target) => {
      const object = await objectAt(source, from.path ?? "/");
      await copyTo(object, target, to.path ?? from.path ?? "/", copyOptions(context));
    });
    return 0;
  },
};

const copyOptions = ({ values }: CommandContext): CopyOptions => ({
  shallow: values.shallow === true,
  withoutAttrs: values["no-attributes"] === true,
  expandSoft: values["expand-soft"] === true,
  expandExternal: values["expand-external"] === true,
  expandRefs: values["expand-references"] === true,
});

/** One file for both, where they are the same. */
async function within(
  source: string,
  target: string,
  { opening }: CommandContext,
  use: (source: H5File<"async">, target: H5File<"async">) => Promise<void>,
): Promise<void> {
  if (source === target) return withChanged(target, "r+", opening, (file) => use(file, file));
  await withFile(source, opening, (from) => {
    // A new file has structures like those of the first that is copied into it, which may say more of an object than older ones.
    const libver = from.superblock.superblockVersion >= 2 && !existsSync(target) ? ({ libver: "v110" } as const) : {};
    return withChanged(target, "a", { ...opening, ...libver }, (into) => use(from, into));
  });
}

async function withChanged(
  path: string,
  mode: "r+" | "a",
  opening: CommandContext["opening"],
  use: (file: H5File<"async">) => Promise<void>,
): Promise<void> {
  const file = await open(path, mode, opening);
  try {
    await use(file);
  } finally {
    await file.close();
  }
}

/** A whole file goes into another one's root group. */
async function copyTo(
  object: AnyObject<"async">,
  target: H5File<"async">,
  path: string,
  options: CopyOptions,
): Promise<void> {
  if (path !== "/") return target.copy(object, path, options);
  if (object.kind !== "group") throw new UsageError("copy: DST needs a path for this object: DST:/PATH");
  if (object.file === target) throw new UsageError("copy: a file cannot be copied into itself without a path");
  await target.copyMembers(object);
}
