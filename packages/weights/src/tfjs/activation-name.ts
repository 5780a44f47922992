/** Activations by name. */
import { isPlainObject } from "../json.ts";

/** An activation by its name; where it stands as an object, of that. */
export function activationName(value: unknown): unknown {
  const given = isPlainObject(value) && value.class_name === "function" ? value.config : value;
  if (isPlainObject(given) && isPlainObject(given.config) && typeof given.config.activation === "string")
    return activationName(given.config.activation);
  return given === "silu" ? "swish" : given;
}
