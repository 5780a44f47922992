/**
 * `npm run links`: asks for every address that the guide and the readmes lead to, once each, and says which are gone. Where there is no
 * network, or a host cannot be reached, it holds them against the list of hosts alone, and says so. Places of examples are left out.
 * That pages lead to each other is part of `npm test`, and so is that no host is new.
 */
import { readdirSync, readFileSync } from "node:fs";
import { fileURLToPath } from "node:url";

const root = fileURLToPath(new URL("..", import.meta.url));

/** Hosts that pages lead to, each looked at by somebody when it was put here. */
export const HOSTS: ReadonlySet<string> = new Set([
  "arrow.apache.org",
  "duckdb.org",
  "github.com",
  "idl.uw.edu",
  "keepachangelog.com",
  "semver.org",
]);

/** Of programs that are shown (RFC 2606): nobody follows them. */
const EXAMPLES = /^https?:\/\/(example\.(org|com)|localhost|127\.0\.0\.1)\b|^https?:\/\/\.\.\.$/;
/** What is there once the repository is published. */
const OWN = "https://github.com/h5ts/h5ts/";

/** Milliseconds for one address. */
const TIMEOUT = 10_000;

const markdown = (folder: string): string[] =>
  readdirSync(`${root}${folder}`)
    .filter((name) => name.endsWith(".md"))
    .map((name) => `${folder}${name}`);

/** All pages of the repository that people read. */
export const pages = (): string[] => [
  ...markdown(""),
  ...["docs/", "examples/", "benchmarks/"].flatMap(markdown),
  ...readdirSync(`${root}packages`).map((name) => `packages/${name}/README.md`),
];

/** Addresses of other sites in a text, without what ends a sentence. */
export const addresses = (text: string): string[] =>
  [...text.matchAll(/https?:\/\/[^\s)"'`<>\]|]+/g)]
    .map(([address]) => address.replace(/[.,;:]+$/, ""))
    .filter((address) => !EXAMPLES.test(address) && address !== "https://" && address !== "http://");

/** Every address, with the pages that lead to it. */
export function linked(): Map<string, string[]> {
  const found = new Map<string, string[]>();
  for (const page of pages())
    for (const address of addresses(readFileSync(`${root}${page}`, "utf8")))
      found.set(address, [...new Set([...(found.get(address) ?? []), page])]);
  return found;
}

/** What is wrong with an address; `undefined`: nothing; `"unreachable"`: nobody can tell from here. */
async function ask(address: string): Promise<string | undefined> {
  for (const method of ["HEAD", "GET"]) {
    try {
      const { status } = await fetch(address, { method, signal: AbortSignal.timeout(TIMEOUT) });
      if (status < 400) return undefined;
      if (status === 404 || status === 410) return `${status}`;
    } catch {
      return "unreachable";
    }
  }
  return "unreachable";
}

async function main(): Promise<number> {
  const all = [...linked()].filter(([address]) => !address.startsWith(OWN));
  const answers = await Promise.all(all.map(([address]) => ask(address)));
  let [unreachable, gone] = [0, 0];
  for (const [i, [address, from]] of all.entries()) {
    if (answers[i] === "unreachable") unreachable++;
    else if (answers[i] !== undefined) console.error(`${address} (${from.join(", ")}): ${answers[i]}`, gone++);
  }
  const strange = all.filter(([address]) => !HOSTS.has(new URL(address).host));
  for (const [address, from] of strange)
    console.error(`${address} (${from.join(", ")}): a host that nobody has looked at`);
  console.log(
    `${all.length} addresses: ${all.length - unreachable - gone} answer, ${gone} are gone` +
      (unreachable > 0 ? `; ${unreachable} could not be reached from here, their hosts are known` : ""),
  );
  return gone + strange.length > 0 ? 1 : 0;
}

if (process.argv[1] === fileURLToPath(import.meta.url)) process.exitCode = await main();
