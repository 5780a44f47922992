/** Files with a path in them, as the command line names them. */

export interface Place {
  readonly file: string;
  readonly path?: string;
}

/** Of `FILE [PATH]` or `FILE:/PATH`. */
export const placeOf = ([file = "", path]: readonly string[]): Place =>
  path === undefined ? fileAndPath(file) : { file, path };

/** `"file.h5:/path"`: the path begins with a slash, behind the last colon that is not a scheme's. */
export function fileAndPath(operand: string): Place {
  const at = operand.lastIndexOf(":/");
  if (at <= 0 || operand.startsWith("://", at)) return { file: operand };
  return { file: operand.slice(0, at), path: operand.slice(at + 1) };
}
