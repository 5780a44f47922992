/** The kinds of objects, and the interface through which one class makes objects of another. */
import type { DatasetInfo, GroupInfo } from "../contract.ts";
import type { Dataset } from "./dataset.ts";
import type { Datatype } from "./datatype.ts";
import type { H5File } from "./file.ts";
import type { Group } from "./group.ts";
import type { Mode } from "./mode.ts";
import type { Node, Session } from "./session.ts";
import type { UnknownObject } from "./unknown-object.ts";

/** An object of any kind; `kind` tells which. */
export type AnyObject<M extends Mode = Mode> = Group<M> | Dataset<M> | Datatype<M> | UnknownObject<M>;

/** Handed to a session, so that the classes need not import one another. */
export interface Classes {
  object<M extends Mode>(node: Node<M>): AnyObject<M>;
  dataset<M extends Mode>(node: Node<M, DatasetInfo>): Dataset<M>;
  group<M extends Mode>(node: Node<M, GroupInfo>): Group<M>;
  file<M extends Mode>(session: Session<M>): H5File<M>;
}
