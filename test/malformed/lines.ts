/** What a child that reads damaged inputs says, a line of JSON each. */

export interface Line {
  /** The input that it reads from now on. */
  begin?: number;
  title?: string;
  /** The input that it has read. */
  end?: number;
  ms?: number;
  /** Processor time, in milliseconds. */
  cpu?: number;
  readable?: boolean;
  /** Errors that are not of h5ts: there should be none. */
  errors?: string[];
  /** At the end: most memory that the process had, in bytes. */
  peak?: number;
}
