/** Members of a set of files, found by their names beside the first of them, as a policy for links allows. */
import { isH5Error, NotFoundError, StorageError } from "../../errors.ts";
import { closeStorage } from "../../steps/close.ts";
import type { LinkPolicy } from "../../steps/link-policy.ts";
import type { MemberFiles, MultiPart } from "../../steps/member-files.ts";
import { read, type Steps, size } from "../../steps/steps.ts";
import type { Storage } from "../../steps/storage.ts";
import { fileName } from "../file-name.ts";
import { joined, type Part } from "../joined.ts";
import { type FamilyNames, familiesOf, multiCommon, multiName } from "./templates.ts";

const SIGNATURE = [0x89, 0x48, 0x44, 0x46, 0x0d, 0x0a, 0x1a, 0x0a];

export class FoundMembers implements MemberFiles {
  private readonly policy: LinkPolicy;
  private readonly names: FamilyNames | undefined;

  /** `policy` is asked for the others; `names` are those of a family, where they are known. */
  constructor(policy: LinkPolicy, names?: FamilyNames) {
    this.policy = policy;
    this.names = names;
  }

  within(links: LinkPolicy): MemberFiles {
    return new FoundMembers(links);
  }

  *multi(first: Storage, members: readonly MultiPart[]): Steps<Storage> {
    const common = commonName(fileName(first), members);
    const parts: Part[] = [];
    try {
      for (const { template, at, length } of members) {
        const storage = at === 0 ? first : yield* this.member(multiName(template, common), length > 0);
        if (storage !== undefined) parts.push({ storage, at, length: yield* size(storage) });
      }
    } catch (error) {
      yield* closeOthers(parts, first);
      throw error;
    }
    return joined(first.label, parts);
  }

  *family(first: Storage, memberSize: number | undefined): Steps<Storage | undefined> {
    const length = yield* size(first);
    const families = this.names === undefined ? familiesOf(fileName(first)) : [this.names];
    for (const names of families) {
      const parts = yield* this.familyParts(first, length, names, memberSize);
      if (parts.length > 1) return joined(first.label, parts);
    }
    return undefined;
  }

  private *member(name: string, needed: boolean): Steps<Storage | undefined> {
    const storage = yield* this.policy.storage(name, "member file");
    if (storage === undefined && needed) {
      throw new NotFoundError("lacks one of its several files", { structure: "File", found: name });
    }
    return storage;
  }

  /** The first member, and those that follow it; the first alone where these do not look like members. */
  private *familyParts(
    first: Storage,
    length: number,
    names: FamilyNames,
    memberSize: number | undefined,
  ): Steps<Part[]> {
    const step = memberSize ?? length;
    const parts: Part[] = [{ storage: first, at: 0, length: Math.min(length, step) }];
    if (names(0) !== fileName(first) || names(1) === names(0) || step === 0) return parts;
    try {
      for (;;) {
        const storage = yield* this.familyMember(names(parts.length), memberSize === undefined);
        if (storage === undefined) break;
        const last = parts[parts.length - 1];
        parts.push({ storage, at: parts.length * step, length: Math.min(yield* size(storage), step) });
        if (memberSize === undefined && (last.length !== step || (yield* isFile(storage)))) {
          yield* closeOthers(parts, first);
          return parts.slice(0, 1);
        }
      }
    } catch (error) {
      yield* closeOthers(parts, first);
      throw error;
    }
    return parts;
  }

  /** Where it is a mere guess that there are members, it is no failure that they may not be looked for. */
  private *familyMember(name: string, guessed: boolean): Steps<Storage | undefined> {
    try {
      return yield* this.policy.storage(name, "member file");
    } catch (error) {
      if (guessed && isH5Error(error, "PolicyError")) return undefined;
      throw error;
    }
  }
}

/** What the name of the first member has in common with those of the others. */
function commonName(name: string, members: readonly MultiPart[]): string {
  const template = members.find(({ at }) => at === 0)?.template;
  const common = template === undefined ? undefined : multiCommon(template, name);
  if (common !== undefined) return common;
  throw new StorageError("is one of several files, whose names cannot be told from its own", {
    found: name,
    allowed: template,
  });
}

/** Whether it begins as an HDF5 file does: then it is a file of its own. */
function* isFile(storage: Storage): Steps<boolean> {
  const [outcome] = yield* read(storage, [{ at: 0, length: SIGNATURE.length }]);
  return outcome instanceof Uint8Array && SIGNATURE.every((byte, i) => outcome[i] === byte);
}

function* closeOthers(parts: readonly Part[], first: Storage): Steps<void> {
  for (const { storage } of parts) if (storage !== first) yield* closeStorage(storage);
}
