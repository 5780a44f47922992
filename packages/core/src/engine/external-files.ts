/** The external raw files of a dataset, with their names. */
import type { ExternalFile } from "../contract.ts";
import { externalDataFilesMessage } from "../format/messages/external-data-files.ts";
import type { HeaderMessage } from "../format/object-header/header-message.ts";
import type { Steps } from "../steps/steps.ts";
import { LocalHeapNames } from "./group/local-heap-names.ts";
import type { MetadataFile } from "./metadata-file.ts";
import { messageSource } from "./shared-message.ts";

export function* externalFiles(file: MetadataFile, message: HeaderMessage): Steps<ExternalFile[]> {
  const { heap, slots } = externalDataFilesMessage((yield* messageSource(file, message)).from);
  const names = yield* LocalHeapNames.open(file, heap);
  const files: ExternalFile[] = [];
  for (const { nameOffset, offset, size } of slots) {
    files.push({ name: names.peek(nameOffset) ?? (yield* names.text(nameOffset)), offset, size });
  }
  return files;
}
