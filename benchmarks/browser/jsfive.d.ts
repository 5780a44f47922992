/** The part of jsfive's interface that is used; it has no types of its own. */
declare module "jsfive" {
  interface FiveObject {
    readonly attrs: Readonly<Record<string, unknown>>;
    readonly keys: readonly string[];
    readonly shape: readonly number[];
    readonly value: readonly number[];
    get(path: string): FiveObject;
  }
  export const File: new (bytes: ArrayBuffer, name: string) => FiveObject;
}
