/**
 * Objects that live as long as the program, one of each class of which reading makes many.
 *
 * V8 throws away machine code that was made for objects of a class when a full garbage collection finds none of them alive:
 * after a file is closed, say. The next one would be read at half the speed until all is compiled anew.
 */
import { asAddress } from "./bytes/address.ts";
import type { DatasetInfo } from "./contract.ts";
import { Budget } from "./data/codecs/budget.ts";
import { makeSink } from "./data/codecs/make-sink.ts";
import { TextGatherer } from "./data/codecs/text-gatherer.ts";
import { integerType } from "./data/dtype/standard.ts";
import { makeResult } from "./data/result.ts";
import type { AxesSelection } from "./data/selection/selection.ts";
import { AxesPlan } from "./engine/dataset/axes-plan.ts";
import { copierFor } from "./engine/dataset/copy-elements.ts";
import type { FileReader } from "./engine/file-reader.ts";
import { LocalHeapNames } from "./engine/group/local-heap-names.ts";
import type { MetadataFile } from "./engine/metadata-file.ts";
import { Collector, ObjectHeader } from "./engine/object-header.ts";
import { Description } from "./engine/object-info.ts";
import type { Datatype } from "./format/datatype/datatype.ts";
import { HeaderMessage } from "./format/object-header/header-message.ts";
import { Attributes } from "./object/attributes.ts";
import { Dataset } from "./object/dataset.ts";
import { DatasetView } from "./object/dataset-view.ts";
import type { H5File } from "./object/file.ts";
import { Group } from "./object/group.ts";
import { nodeOf } from "./object/object.ts";
import type { Session } from "./object/session.ts";
import { Turns } from "./steps/turn.ts";

const kept: object[] = [];

/** Keeps those of reading, and the file: a small one, in which nobody is interested. */
export function keepShapes(file: H5File<"sync">): void {
  const { session } = nodeOf(file);
  const reader = session.reader as FileReader;
  kept.push(file, ...headers(reader.file), ...elements(reader.file), ...objects(session));
}

const NUMBER: Datatype = integerType(4, true);
const TEXT: Datatype = { class: "string", size: 4, padding: "nullterm", charset: "ascii" };
const TEXTS: Datatype = { class: "vlen", kind: "string", size: 16, padding: "nullterm", charset: "utf8", base: TEXT };
/** From so many on, it is looked whether texts repeat. */
const MANY = 4096;

const AT = asAddress(0);

function headers(file: MetadataFile): object[] {
  const message = HeaderMessage.of(0, 0, new Uint8Array(0));
  const first = { version: 1, messages: [message], length: 0, messageCount: 1, referenceCount: 1 } as const;
  const header = new ObjectHeader(AT, first, first.messages, []);
  return [
    header,
    message.decoder(file.structures.sizes),
    new Description(file, header, undefined, []),
    new Collector(file, AT, first),
    new LocalHeapNames(file, AT, { size: 0, freeList: 1, data: AT }),
  ];
}

function elements({ limits, chunkCache }: MetadataFile): object[] {
  const sinks = [NUMBER, TEXT, TEXTS].map((type) => makeSink(type, MANY, { limits }));
  chunkCache.set(AT, 0, new Uint8Array(1));
  const axis = { kind: "range", start: 0, count: 1, stride: 1, block: 1 } as const;
  const selection: AxesSelection = { kind: "axes", axes: [axis], shape: [1], count: 1 };
  const plan = new AxesPlan(selection, { chunk: [1], strides: [1] } as never);
  const result = makeResult(new Int32Array(1), [1], NUMBER);
  return [...sinks, ...sinks.map(copierFor), plan, new Budget(limits), result, new TextGatherer([], 1, 1), new Turns()];
}

function objects(session: Session<"sync">): object[] {
  const { root } = session;
  // Nothing is ever asked of it.
  const node = session.node(root.info as never as DatasetInfo, "/", root);
  return [new Dataset(node), new DatasetView(node, {}), new Group(root), new Attributes(root)];
}
