/** Conditions of `select`, parsed as pandas parses them: comparisons of a column with values, joined by `&` and `|`. */
import { isPythonObject } from "../python/values.ts";
import { refuseCondition, type Token, tokensOf } from "./tokens.ts";

export type Comparison = "==" | "!=" | "<" | "<=" | ">" | ">=";

/** A value that a column is compared with. */
export type Literal = number | bigint | string | boolean | Date | object;

export type Condition =
  | { readonly kind: "and" | "or"; readonly left: Condition; readonly right: Condition }
  | {
      readonly kind: "compare";
      readonly name: string;
      readonly comparison: Comparison;
      readonly values: readonly Literal[];
    }
  /** Which columns of the frame are kept. */
  | { readonly kind: "columns"; readonly labels: readonly Literal[]; readonly negated: boolean };

/** Values by name, for conditions. */
export type Variables = Readonly<Record<string, unknown>>;

/** Conditions within conditions. */
const MOST_DEPTH = 200;

/** SelectionError where it is none that pandas takes. */
export function parseCondition(condition: string, variables: Variables = {}): Condition {
  return new Parser(condition, tokensOf(condition), variables).whole();
}

class Parser {
  private at = 0;
  private depth = 0;
  private readonly condition: string;
  private readonly tokens: readonly Token[];
  private readonly variables: Variables;

  constructor(condition: string, tokens: readonly Token[], variables: Variables) {
    this.condition = condition;
    this.tokens = tokens;
    this.variables = variables;
  }

  whole(): Condition {
    const parsed = this.or();
    return this.at === this.tokens.length ? parsed : this.refuse("goes on where it should end");
  }

  private refuse(reason: string): never {
    return refuseCondition(
      this.condition,
      reason,
      this.condition.slice(this.tokens[this.at]?.at ?? this.condition.length),
    );
  }

  /** Takes the next piece if it is one of these. */
  private take(...texts: readonly string[]): string | undefined {
    const token = this.tokens[this.at];
    if (token === undefined || !("text" in token) || !texts.includes(token.text)) return undefined;
    this.at++;
    return token.text;
  }

  private or(): Condition {
    if (++this.depth > MOST_DEPTH) this.refuse("is nested too deeply");
    let left = this.and();
    while (this.take("|", "or") !== undefined) left = { kind: "or", left, right: this.and() };
    this.depth--;
    return left;
  }

  private and(): Condition {
    let left = this.single();
    while (this.take("&", "and") !== undefined) left = { kind: "and", left, right: this.single() };
    return left;
  }

  private single(): Condition {
    const negated = this.take("~") !== undefined;
    if (this.take("(") === undefined)
      return negated ? this.refuse("negates what is no list of columns") : this.comparison();
    const inner = this.or();
    if (this.take(")") === undefined) this.refuse("does not close a parenthesis");
    if (!negated) return inner;
    return inner.kind === "columns"
      ? { ...inner, negated: !inner.negated }
      : this.refuse("negates what is no list of columns");
  }

  private comparison(): Condition {
    const token = this.tokens[this.at];
    if (token?.kind !== "name") return this.refuse("has no column where one must be");
    this.at++;
    const comparison = this.take("==", "!=", "<", "<=", ">", ">=", "in");
    if (comparison === undefined) return this.refuse("does not compare a column");
    const values = this.values();
    if (this.take("==", "!=", "<", "<=", ">", ">=", "in") !== undefined) this.refuse("compares twice");
    const equal = comparison === "in" ? "==" : (comparison as Comparison);
    if (token.text !== "columns") return { kind: "compare", name: token.text, comparison: equal, values };
    if (equal !== "==" && equal !== "!=") this.refuse("orders columns");
    return { kind: "columns", labels: values, negated: equal === "!=" };
  }

  private values(): Literal[] {
    const open = this.take("[", "(");
    if (open === undefined) return this.value();
    const values: Literal[] = [];
    const close = open === "[" ? "]" : ")";
    while (this.take(close) === undefined) {
      values.push(...this.value());
      if (this.take(",") === undefined && this.tokens[this.at] !== undefined && this.take(close) !== undefined)
        return values;
      if (this.tokens[this.at] === undefined) this.refuse("does not close a list");
    }
    return values;
  }

  private value(): Literal[] {
    const token = this.tokens[this.at++];
    if (token === undefined) return this.refuse("ends where a value must be");
    if (token.kind === "number" || token.kind === "text") return [token.value];
    if (token.kind !== "name") return this.refuse("has no value where one must be");
    if (token.text === "True" || token.text === "False") return [token.text === "True"];
    if (/^(pd\.|pandas\.)?(Timestamp|Timedelta|datetime|date)$/.test(token.text)) return this.called();
    if (!Object.hasOwn(this.variables, token.text)) return this.refuse(`names ${token.text}, which is no value`);
    const value = this.variables[token.text];
    const values: unknown[] = Array.isArray(value)
      ? value
      : ArrayBuffer.isView(value)
        ? [...(value as unknown as Iterable<unknown>)]
        : [value];
    return values.map((one) =>
      isLiteral(one) ? one : this.refuse(`has a value in ${token.text} that is not compared`),
    );
  }

  /** `Timestamp("2020-01-01")`: its one argument. */
  private called(): Literal[] {
    if (this.take("(") === undefined) return this.refuse("names a function without calling it");
    const value = this.value();
    return this.take(")") === undefined ? this.refuse("calls a function with more than a text") : value;
  }
}

const isLiteral = (value: unknown): value is Literal =>
  ["number", "bigint", "string", "boolean"].includes(typeof value) || value instanceof Date || isPythonObject(value);
