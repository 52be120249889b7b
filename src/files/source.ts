/** Where bytes come from: what arrives as it arrives, or a regular file, which can be read at any place. */

export interface Source {
  /** A file's name, or `stdin`. */
  readonly name: string;
  /** Undefined for all that is no regular file, and for a packed one. */
  readonly file: OpenFile | undefined;
  /** The bytes as they arrive, unpacked. @throws Failure (no input, I/O) */
  chunks(): AsyncIterable<Buffer>;
}

export interface OpenFile {
  readonly descriptor: number;
  /** The place of the first byte that is to be read. */
  readonly start: number;
  /** The place after the last byte, when it was opened. */
  readonly end: number;
}
