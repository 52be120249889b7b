/** Rows as Postgres reads them from COPY: fields with tabs between them, `\N` for null, a backslash before what is special. */

import { type Batch, NULL } from './batch.ts';

const [TAB, NEWLINE, RETURN, BACKSLASH, N, R, T] = [9, 10, 13, 92, 78, 114, 116];
const LOWER_N = 110;

export class CopyText {
  /** Kept from batch to batch. */
  #bytes = Buffer.allocUnsafe(1 << 16);

  /** Its bytes are good until the next call. */
  encode(batch: Batch): Buffer {
    this.#makeRoom(batch);
    const target = this.#bytes;
    let to = 0;
    const columns = batch.columns.length;
    for (let at = 0; at < batch.rows * columns; at++) {
      const start = batch.starts[at] ?? NULL;
      if (start === NULL) {
        target[to++] = BACKSLASH;
        target[to++] = N;
      } else to = putField(target, to, batch.bytes, { start, end: batch.ends[at] ?? 0 });
      target[to++] = (at + 1) % columns === 0 ? NEWLINE : TAB;
    }
    return target.subarray(0, to);
  }

  /** Each byte may need another before it. */
  #makeRoom({ bytes, rows, columns }: Batch): void {
    const most = 2 * bytes.length + 3 * rows * columns.length;
    if (most > this.#bytes.length) this.#bytes = Buffer.allocUnsafe(most);
  }
}

function putField(
  target: Buffer,
  place: number,
  bytes: Buffer,
  { start, end }: { start: number; end: number },
): number {
  let to = place;
  for (let at = start; at < end; at++) {
    const byte = bytes[at] ?? 0;
    if (byte > RETURN && byte !== BACKSLASH) target[to++] = byte;
    else to = putSpecial(target, to, byte);
  }
  return to;
}

function putSpecial(target: Buffer, place: number, byte: number): number {
  const letter = letters.get(byte);
  let to = place;
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
