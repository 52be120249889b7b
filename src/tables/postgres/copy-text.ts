/**
 * Encodes rows for COPY: as the CSV they came in, which Postgres parses like this program, or else as tab-separated fields
 * with `\N` for null and backslash escapes.
 */

import { allRows, type Batch, type Csv, NULL, type Part } from '../input/batch.ts';

const [TAB, NEWLINE, RETURN, BACKSLASH, N, R, T] = [9, 10, 13, 92, 78, 114, 116];
const LOWER_N = 110;

/** The input of a COPY, and its options. */
interface CopyInput {
  readonly bytes: Buffer;
  /** SQL after FROM STDIN; empty for none. */
  readonly options: string;
}

/** Encodes one batch after another. */
export class CopyText {
  /** Reused for all batches. */
  #bytes = Buffer.allocUnsafe(1 << 16);

  /** Encodes all rows. The bytes are valid until the next call. Unescapes the quotes of a batch without CSV. */
  encode(batch: Batch): CopyInput {
    if (batch.csv !== undefined && isPlain(batch.csv.bytes)) return asCsv(batch.csv);
    batch.undouble();
    return { bytes: this.encodeParts(batch, [allRows(batch)]), options: '' };
  }

  /** Encodes the rows of parts with the same columns. The bytes are valid until the next call. */
  encodeParts(batch: Batch, parts: readonly Part[]): Buffer {
    this.#makeRoom(batch);
    const target = this.#bytes;
    let to = 0;
    for (const { start, end, columns } of parts)
      for (
        let first = start * batch.names.length;
        first < end * batch.names.length;
        first += batch.names.length
      ) {
        for (const column of columns) {
          to = putField(target, to, batch, first + column);
          target[to++] = TAB;
        }
        target[to - 1] = NEWLINE;
      }
    return target.subarray(0, to);
  }

  /** Worst case: a backslash for each byte, and three more bytes per field. */
  #makeRoom({ bytes, rows, names }: Batch): void {
    const most = 2 * bytes.length + 3 * rows * names.length;
    if (most > this.#bytes.length) this.#bytes = Buffer.allocUnsafe(most);
  }
}

/** Postgres 17 and older take a line `\\.` for the end of input, even in quotes, and refuse carriage returns. */
function isPlain(csv: Buffer): boolean {
  return !csv.includes('\\.') && !csv.includes(RETURN);
}

function asCsv({ bytes, delimiter }: Csv): CopyInput {
  const character = String.fromCharCode(delimiter).replace("'", "''");
  return { bytes, options: ` (FORMAT csv, DELIMITER '${character}')` };
}

/** @returns the end offset */
function putField(target: Buffer, offset: number, { bytes, starts, ends }: Batch, field: number): number {
  let to = offset;
  let at = starts[field] ?? NULL;
  if (at === NULL) {
    target[to++] = BACKSLASH;
    target[to++] = N;
    return to;
  }
  for (const end = ends[field] ?? 0; at < end; at++) {
    const byte = bytes[at] ?? 0;
    if (byte > RETURN && byte !== BACKSLASH) target[to++] = byte;
    else to = putSpecial(target, to, byte);
  }
  return to;
}

function putSpecial(target: Buffer, offset: number, byte: number): number {
  const letter = letters.get(byte);
  let to = offset;
  if (letter !== undefined) target[to++] = BACKSLASH;
  target[to++] = letter ?? byte;
  return to;
}

const letters = new Map([
  [TAB, T],
  [NEWLINE, LOWER_N],
  [RETURN, R],
  [BACKSLASH, BACKSLASH],
]);
