/**
 * Names of files that stand in files, taken apart and held against the policy "local": plain relative names only. Nothing is
 * opened here.
 */
import { PolicyError } from "../../errors.ts";

/** Where a name is looked up: what is harmless in one place is not in another. */
export type Ground = "posix" | "windows" | "url";

/** Names that Windows gives to devices, in any folder and with any extension. */
const DEVICE = /^(?:con|prn|aux|nul|com\d|lpt\d|conin\$|conout\$) *(?:\..*)?$/i;
const SCHEME = /^[a-z][a-z0-9+.-]*:/i;

const isControl = (character: string): boolean => character < " " || character === "\x7f";

/** Why a name may not be used, if so. */
function objection(name: string, ground: Ground): string | undefined {
  if (name === "") return "it is empty";
  if ([...name].some(isControl)) return "it has a control character";
  // Everywhere: files that are moved between platforms shall not change their meaning.
  if (name.includes("\\")) return "it has a backslash";
  if (name.startsWith("/")) return "it is an absolute path";
  if (SCHEME.test(name)) return "it has a drive letter or the scheme of a URL";
  const parts = name.split("/");
  if (parts.includes("..")) return "it leads out of the folder";
  if (parts.every((part) => part === "" || part === ".")) return "it names a folder";
  return ground === "windows" ? windowsObjection(name, parts) : undefined;
}

function windowsObjection(name: string, parts: readonly string[]): string | undefined {
  if (name.includes(":")) return "it names a stream within a file";
  if (parts.some((part) => DEVICE.test(part))) return "it names a device";
  // Windows leaves these out: ".. " is "..".
  return parts.some((part) => part !== "." && /[. ]$/.test(part)) ? "a part of it ends in a dot or a space" : undefined;
}

/** What a server might take the name for that decodes it once, or more often than it should. */
function decodings(name: string): string[] {
  const forms: string[] = [];
  for (let form = name; ; ) {
    const decoded = form.replace(/%([0-9a-f]{2})/gi, (_, code: string) =>
      String.fromCharCode(Number.parseInt(code, 16)),
    );
    if (decoded === form) return forms;
    forms.push(decoded);
    form = decoded;
  }
}

/** The parts of a plain relative name, without empty ones and "."; PolicyError for all other names. */
export function localParts(name: string, kind: string, ground: Ground): string[] {
  const forms = ground === "url" ? [name, ...decodings(name)] : [name];
  const reason = forms.map((form) => objection(form, ground)).find((found) => found !== undefined);
  if (reason !== undefined) {
    throw new PolicyError(`has a name that the option links does not allow: ${reason}`, {
      structure: kind,
      found: name,
      allowed: "relative names within the folder of the file that was opened",
    });
  }
  return name.split("/").filter((part) => part !== "" && part !== ".");
}
