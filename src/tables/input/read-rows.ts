/**
 * Reads batches of rows from sources: CSV with a header, NDJSON if a source begins with a brace, or a JSON array of objects,
 * whose elements are numbered like lines.
 *
 * A batch holds the rows of one source that arrived within the linger time of the first, up to a maximum. Memory: one batch,
 * which is some megabytes, and the chunks that arrive in the meantime.
 */

import { gather } from '../../async/gather.ts';
import type { ByteSource } from '../../files/byte-source.ts';
import { ByteSplitter } from '../../lines/byte-splitter.ts';
import { ArrayLines } from '../../lines/json-array.ts';
import { tooLong } from '../../lines/limits.ts';
import type { Reject, Rejection } from '../../lines/line.ts';
import type { Batch } from './batch.ts';
import type { RowsForm } from './csv-input.ts';
import { CsvRowReader } from './csv-row-reader.ts';
import { JsonRowReader } from './json-row-reader.ts';
import { isBlank, lineCount, lineEnd } from './line-bounds.ts';
import type { Notation } from './notation.ts';
import type { RowReader } from './row-reader.ts';
import type { Schema } from './schema.ts';
import { SourceCursor } from './source-cursor.ts';

const BRACE = 123;

/** Bytes to gather for a batch; fewer if `maxRows` is small. */
const MAX_BYTES = 1 << 22;
const USUAL_ROW = 256;

/** The missing end may contain more than the rejected part. */
const openArray: Rejection = { kind: 'torn', detail: 'input ends within a JSON array' };

interface ReadSettings {
  readonly schema: Schema;
  readonly form: RowsForm;
  /** Undefined if fields need no rewriting. */
  readonly notation?: Notation | undefined;
  /** Maximum rows per batch. */
  readonly maxRows: number;
  /** How long the first row of a batch may wait for others, in ms. */
  readonly lingerMs: number;
  readonly reject: Reject;
  /** Warns of something the user may not have intended. */
  warn(message: string): void;
  /** For --verbose: reports how a source was read. */
  explain(message: string): void;
}

/** The non-empty batches; none for no sources or no rows. @throws Failure (data, no input, I/O) */
export async function* readRows(
  sources: AsyncIterable<ByteSource>,
  settings: ReadSettings,
): AsyncGenerator<Batch> {
  for await (const source of sources) yield* sourceRows(source, settings);
}

async function* sourceRows(source: ByteSource, settings: ReadSettings): AsyncGenerator<Batch> {
  const { lingerMs, maxRows } = settings;
  const fullLength = Math.min(MAX_BYTES, maxRows * USUAL_ROW);
  const limits = { idleMs: lingerMs, maxMs: lingerMs, fullLength };
  const rows = new RowsOfSource(source, settings);
  const array = new ArrayLines(settings.form.comment);
  const splitter = new ByteSplitter();
  for await (const chunks of gather(copied(source.chunks()), limits)) {
    for (const { kind, bytes } of chunks.flatMap((chunk) => [...splitter.take(array.take(chunk))])) {
      if (kind === 'lines') rows.add(bytes);
      else yield* rows.rejectLong(bytes);
    }
    // In a JSON array, what looks like a comment may be part of an element.
    if (array.isArray) rows.haveNoComments(array.comments);
    yield* rows.batches(false);
  }
  for (const { kind, bytes } of splitter.take(array.end())) if (kind === 'lines') rows.add(bytes);
  const [last] = splitter.end();
  if (last !== undefined && !array.isOpen) rows.add(last.bytes);
  const batches = [...rows.batches(true)];
  // Rejected before the batches are yielded, for callers that load all or nothing.
  if (array.isOpen) rows.rejectOpen(last?.bytes ?? Buffer.alloc(0));
  yield* batches;
  rows.end();
}

/** Copies chunks: their memory is reused by the source, but gathering keeps several. */
async function* copied(chunks: AsyncIterable<Buffer>): AsyncGenerator<Buffer> {
  for await (const chunk of chunks) yield Buffer.from(chunk);
}

/** The unread lines of a source, and their reader. */
class RowsOfSource {
  readonly #settings: ReadSettings;
  readonly #cursor: SourceCursor;
  #reader: RowReader | undefined;
  #unread: Buffer[] = [];

  constructor(source: ByteSource, settings: ReadSettings) {
    this.#settings = settings;
    this.#cursor = new SourceCursor(source.name, settings.reject, source, settings.form.comment);
  }

  /** From here on there are no comments. @param above number of comment lines so far */
  haveNoComments(above: number): void {
    this.#cursor.comment = undefined;
    this.#cursor.comments = above;
  }

  add(lines: Buffer): void {
    this.#unread.push(lines);
  }

  /** Yields the rows of all lines; `isLast` says that nothing follows to complete the last record. */
  *batches(isLast: boolean): Generator<Batch> {
    const { maxRows, schema } = this.#settings;
    let bytes = Buffer.concat(this.#unread);
    this.#reader ??= this.#openReader(bytes);
    for (let next = 1; next > 0 && bytes.length > 0 && this.#reader !== undefined; ) {
      const read = this.#reader.read({ bytes, isLast, maxRows });
      next = read.next;
      bytes = bytes.subarray(next);
      if (read.batch === undefined || read.batch.rows === 0) continue;
      read.batch.types = schema.settle(read.batch.names);
      yield read.batch;
    }
    this.#unread = bytes.length > 0 ? [bytes] : [];
  }

  /** Rejects a line that exceeds the length limit, after the rows of the lines before it. */
  *rejectLong(beginning: Buffer): Generator<Batch> {
    yield* this.batches(true);
    // Left over only if there is no reader yet: blank lines at the beginning.
    for (const lines of this.#unread) this.#cursor.line += lineCount(lines);
    this.#unread = [];
    this.#cursor.reject(beginning, tooLong);
  }

  /** To be called after the last row. */
  end(): void {
    const { source, comments } = this.#cursor;
    if (comments > 0) this.#settings.explain(`${source}: lines left out as comments: ${comments}`);
  }

  /** Rejects what follows the last complete element of an unterminated array. */
  rejectOpen(bytes: Buffer): void {
    this.#cursor.reject(bytes, openArray);
  }

  /** Selects the reader by the first line that is not blank; undefined while there is none. */
  #openReader(bytes: Buffer): RowReader | undefined {
    let at = 0;
    while (isBlank(bytes, at) || this.#cursor.isComment(bytes, at)) at = lineEnd(bytes, at);
    if (at === bytes.length) return undefined;
    const { schema, notation } = this.#settings;
    notation?.begin();
    return bytes[at] === BRACE
      ? new JsonRowReader(schema, this.#cursor, notation)
      : new CsvRowReader(this.#settings, this.#cursor);
  }
}
