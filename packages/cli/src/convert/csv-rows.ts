/** Comma-separated values (RFC 4180): rows of cells out of text, and back. */
import { createReadStream } from "node:fs";
import { FormatError } from "h5ts";

/** A cell: text, or nothing where it is empty and has no quotes. */
export type Cell = string | null;

/** Rows of a file, as they come. FormatError where quotes are not closed. */
export async function* csvRows(path: string): AsyncGenerator<Cell[], void> {
  const parser = new CsvParser(path);
  for await (const text of createReadStream(path, "utf8")) yield* parser.push(text as string);
  yield* parser.end();
}

const LF = "\n";

class CsvParser {
  private readonly path: string;
  private row: Cell[] = [];
  private cell = "";
  private quoted = false;
  private wasQuoted = false;
  private first = true;
  private carriage = false;

  constructor(path: string) {
    this.path = path;
  }

  *push(text: string): Generator<Cell[], void> {
    let start = 0;
    if (this.first && text.length > 0) {
      this.first = false;
      if (text.startsWith("\ufeff")) start = 1;
    }
    for (let i = start; i < text.length; i++) {
      const char = text[i];
      if (this.quoted) this.inQuotes(char);
      else if (char === '"') this.openQuote();
      else if (char === ",") this.endCell();
      else if (char === "\r") this.carriage = true;
      else if (char === LF) {
        const row = this.endRow();
        if (row !== undefined) yield row;
      } else this.plain(char);
    }
  }

  *end(): Generator<Cell[], void> {
    if (this.quoted) throw new FormatError("ends within quotes", { structure: this.path });
    if (this.cell !== "" || this.wasQuoted || this.row.length > 0) {
      const row = this.endRow();
      if (row !== undefined) yield row;
    }
  }

  private plain(char: string): void {
    if (this.carriage) {
      this.cell += "\r";
      this.carriage = false;
    }
    this.cell += char;
  }

  private inQuotes(char: string): void {
    if (char === '"') this.quoted = false;
    else this.cell += char;
  }

  /** The quote that opens a cell, or the second of two, which is a quote. */
  private openQuote(): void {
    if (this.wasQuoted) this.cell += '"';
    else if (this.cell !== "") {
      this.cell += '"';
      return;
    }
    this.wasQuoted = true;
    this.quoted = true;
  }

  private endCell(): void {
    this.row.push(this.cell === "" && !this.wasQuoted ? null : this.cell);
    this.cell = "";
    this.wasQuoted = false;
    this.carriage = false;
  }

  /** The row; nothing of an empty line. */
  private endRow(): Cell[] | undefined {
    const blank = this.row.length === 0 && this.cell === "" && !this.wasQuoted;
    if (blank) {
      this.carriage = false;
      return undefined;
    }
    this.endCell();
    const { row } = this;
    this.row = [];
    return row;
  }
}

/** A cell as text: in quotes where it must be, or where it is empty and is not nothing. */
export function csvCell(value: Cell): string {
  if (value === null) return "";
  return value === "" || /[",\r\n]/.test(value) ? `"${value.replaceAll('"', '""')}"` : value;
}
