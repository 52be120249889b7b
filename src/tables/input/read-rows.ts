/**
 * From sources to batches of rows: CSV with a header, or NDJSON when a source begins with a brace.
 *
 * A batch holds the rows of one source that arrived while the first of them lingered, up to a maximum. Memory: one batch,
 * which is some megabytes, and the chunks that come meanwhile.
 */

import { gather } from '../../async/gather.ts';
import type { ByteSource } from '../../files/byte-source.ts';
import type { Reject } from '../../lines/line.ts';
import type { Batch } from './batch.ts';
import { CsvRowReader } from './csv-row-reader.ts';
import { JsonRowReader } from './json-row-reader.ts';
import { isBlank, lineEnd } from './line-bounds.ts';
import { Lines } from './lines.ts';
import type { RowReader } from './row-reader.ts';
import type { Schema } from './schema.ts';
import { SourceCursor } from './source-cursor.ts';

const BRACE = 123;

/** Bytes that are gathered for a batch: these, or fewer for a few rows of the usual length. */
const MOST_BYTES = 1 << 22;
const USUAL_ROW = 256;

interface ReadSettings {
  readonly schema: Schema;
  /** One byte. */
  readonly delimiter: number;
  /** Rows of a batch at most. */
  readonly maxRows: number;
  /** How long the first row of a batch waits for others at most. */
  readonly lingerMs: number;
  readonly reject: Reject;
}

/** The batches, none of them empty; no sources or no rows give none. @throws Failure (data, no input, I/O) */
export async function* readRows(
  sources: AsyncIterable<ByteSource>,
  settings: ReadSettings,
): AsyncGenerator<Batch> {
  for await (const source of sources) yield* sourceRows(source, settings);
}

async function* sourceRows(source: ByteSource, settings: ReadSettings): AsyncGenerator<Batch> {
  const { lingerMs, maxRows } = settings;
  const fullLength = Math.min(MOST_BYTES, maxRows * USUAL_ROW);
  const limits = { idleMs: lingerMs, maxMs: lingerMs, fullLength };
  const cursor = new SourceCursor(source.name, settings.reject);
  const lines = new Lines(cursor);
  let reader: RowReader | undefined;
  for await (const chunks of gather(kept(source.chunks()), limits)) {
    lines.add(chunks);
    reader ??= openReader(lines.whole, settings, cursor);
    if (reader) yield* batches(reader, lines, settings);
    lines.rejectLong();
  }
  lines.end();
  reader ??= openReader(lines.whole, settings, cursor);
  if (reader) yield* batches(reader, lines, settings);
}

/** Copies chunks: the memory of one is used again for the next, but gathered chunks wait for one another. */
async function* kept(chunks: AsyncIterable<Buffer>): AsyncGenerator<Buffer> {
  for await (const chunk of chunks) yield Buffer.from(chunk);
}

/** The reader for the first line that is not blank; undefined while there is none. */
function openReader(bytes: Buffer, settings: ReadSettings, cursor: SourceCursor): RowReader | undefined {
  let at = 0;
  while (isBlank(bytes, at)) at = lineEnd(bytes, at);
  if (at === bytes.length) return undefined;
  const { schema, delimiter } = settings;
  return bytes[at] === BRACE
    ? new JsonRowReader(schema, cursor)
    : new CsvRowReader(schema, delimiter, cursor);
}

function* batches(reader: RowReader, lines: Lines, { maxRows, schema }: ReadSettings): Generator<Batch> {
  for (let next = 1; next > 0 && lines.whole.length > 0; ) {
    const read = reader.read({ bytes: lines.whole, isLast: lines.isLast, maxRows });
    next = read.next;
    lines.drop(next);
    if (read.batch === undefined || read.batch.rows === 0) continue;
    read.batch.types = schema.settle(read.batch.names);
    yield read.batch;
  }
}
