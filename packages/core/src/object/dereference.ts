/** Where references lead. */
import type { Reference } from "../data/reference.ts";
import { NotFoundError } from "../errors.ts";
import type { Steps } from "../steps/steps.ts";
import type { Mode } from "./mode.ts";
import type { Node, Session } from "./session.ts";

/**
 * The object that a reference points at: of a region its dataset, of an attribute the object that has it. NotFoundError if the
 * reference is null, or its file is not there.
 */
export function* dereference<M extends Mode>(from: Session<M>, reference: Reference): Steps<Node<M>> {
  const { address, file } = reference;
  if (address === null) throw new NotFoundError("the reference is null");
  const session = file === undefined ? from : yield* otherFile(from, file);
  if (address === session.root.info.address) return session.root;
  const info = yield* session.reader.object(address);
  return session.node(info, undefined, undefined);
}

/** References of HDF5 1.12 may name another file: it is found as that of an external link is. */
function* otherFile<M extends Mode>(from: Session<M>, file: string): Steps<Session<M>> {
  const { reader, root } = from;
  const link = { type: "external", file, target: "/", flags: 0, name: file, charset: "utf8" } as const;
  const located = yield* reader.follow(root.info.address, link);
  if (located === undefined) throw new NotFoundError("the file of the reference does not exist", { found: file });
  return yield* from.of(located.reader);
}
