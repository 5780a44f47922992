/** Makes objects of the class that fits: the one place that knows all classes. */
import type { DatasetInfo, DatatypeInfo, GroupInfo, UnknownInfo } from "../contract.ts";
import type { AnyObject, Classes } from "./classes.ts";
import { Dataset } from "./dataset.ts";
import { Datatype } from "./datatype.ts";
import { H5File } from "./file.ts";
import { Group } from "./group.ts";
import type { Mode } from "./mode.ts";
import type { Node, Session } from "./session.ts";
import { UnknownObject } from "./unknown-object.ts";

function object<M extends Mode>(node: Node<M>): AnyObject<M> {
  switch (node.info.kind) {
    case "group":
      return new Group(node as Node<M, GroupInfo>);
    case "dataset":
      return new Dataset(node as Node<M, DatasetInfo>);
    case "datatype":
      return new Datatype(node as Node<M, DatatypeInfo>);
    case "unknown":
      return new UnknownObject(node as Node<M, UnknownInfo>);
  }
}

export const classes: Classes = {
  object,
  dataset: <M extends Mode>(node: Node<M, DatasetInfo>): Dataset<M> => new Dataset(node),
  group: <M extends Mode>(node: Node<M, GroupInfo>): Group<M> => new Group(node),
  file: <M extends Mode>(session: Session<M>): H5File<M> => new H5File(session),
};
