/**
 * The digest of a file: every object that hard links reach from the root, depth first, links in the order of the bytes of
 * their names, each object once, under the path that came first.
 */
import { type Group, type H5File, type Mode, Reference } from "h5ts";
import type { DigestOptions } from "./digest-elements.ts";
import { attempt, digestLinks, digestObject } from "./digest-object.ts";
import { errorJson } from "./error-json.ts";
import type { FileDigest, LinkJson, ObjectDigest, SuperblockJson } from "./schema.ts";

/** A hard link that is yet to be followed. */
interface Pending {
  readonly path: string;
  readonly address: number;
  readonly record: LinkJson;
}

class FileWalk {
  readonly objects: ObjectDigest[] = [];
  readonly companions: Set<string> = new Set();
  private readonly paths: Map<number, string> = new Map();
  private readonly committed: [record: { committed?: string }, address: number][] = [];
  private readonly file: H5File<Mode>;
  private readonly options: DigestOptions;

  constructor(file: H5File<Mode>, options: DigestOptions) {
    this.file = file;
    this.options = options;
  }

  async run(): Promise<void> {
    const stack = await this.enter("/", this.file);
    for (let next = stack.pop(); next !== undefined; next = stack.pop()) stack.push(...(await this.follow(next)));
    for (const [record, address] of this.committed) record.committed = this.paths.get(address) ?? "(unlinked)";
    for (const { external, virtual } of this.objects) {
      for (const { name } of external ?? []) this.companions.add(name);
      for (const { file } of virtual ?? []) if (file !== ".") this.companions.add(file);
    }
  }

  /** Records the object; gives its hard links, the first to follow last. */
  private async enter(path: string, object: Parameters<typeof digestObject>[1]): Promise<Pending[]> {
    this.paths.set(object.info.address, path);
    const note = (record: { committed?: string }, address: number): void => void this.committed.push([record, address]);
    const record = await digestObject(path, object, note, this.options);
    this.objects.push(record);
    if (object.kind !== "group") return [];
    const pending: Pending[] = [];
    await attempt(record, async () => void pending.push(...(await this.links(record, path, object as Group<Mode>))));
    return pending.reverse();
  }

  private async links(record: ObjectDigest, path: string, group: Group<Mode>): Promise<Pending[]> {
    const links = await digestLinks(group);
    record.links = links.map(([, json]) => json);
    const prefix = path === "/" ? "" : path;
    return links.flatMap(([link, json]) => {
      if (link.type === "external") this.companions.add(json.file!);
      if (link.type !== "hard" || link.address === undefined) return [];
      return [{ path: `${prefix}/${json.name}`, address: link.address, record: json }];
    });
  }

  private async follow({ path, address, record }: Pending): Promise<Pending[]> {
    const known = this.paths.get(address);
    record.target = known ?? path;
    if (known !== undefined) return [];
    try {
      return await this.enter(path, await this.file.get(new Reference(address)));
    } catch (error) {
      record.error = errorJson(error);
      return [];
    }
  }
}

/** Object count, and nothing else, of files that cannot be opened. */
export const unreadable = (file: string, error: unknown): FileDigest => ({
  format: "h5truth/1",
  file,
  readable: false,
  error: errorJson(error),
  objects: [],
});

/** The digest of an open file, under that name. */
export async function digestFile(name: string, file: H5File<Mode>, options: DigestOptions = {}): Promise<FileDigest> {
  const walk = new FileWalk(file, options);
  await walk.run();
  return {
    format: "h5truth/1",
    file: name,
    readable: true,
    superblock: superblockJson(file),
    ...(walk.companions.size > 0 && { companions: [...walk.companions].sort() }),
    objects: walk.objects,
  };
}

function superblockJson({ superblock }: H5File<Mode>): SuperblockJson {
  const { superblockVersion: version, userblockSize: userblock, sizes } = superblock;
  return { version, userblock, sizeof_addr: sizes.offsets, sizeof_size: sizes.lengths };
}

/** Whether something in a digest could not be read. */
export function hasErrors({ readable, objects }: FileDigest): boolean {
  return (
    !readable ||
    objects.some((o) => o.error ?? o.fill?.error ?? o.attrs?.some((a) => a.error) ?? o.links?.some((l) => l.error))
  );
}
