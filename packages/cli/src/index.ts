/** The command `h5ts` as functions, for programs that want what it prints. */
export { runCli } from "./cli.ts";
export type { ExitCode, Output } from "./command.ts";
export type { DigestOptions } from "./digest/digest-elements.ts";
export { digestFile, hasErrors, unreadable } from "./digest/digest-file.ts";
export type {
  AttributeDigest,
  DatatypeJson,
  ErrorJson,
  FileDigest,
  FillJson,
  LinkJson,
  ObjectDigest,
  SuperblockJson,
  ValueDigest,
} from "./digest/schema.ts";
