/**
 * From sources to batches of rows: CSV with a header, or NDJSON when a source begins with a brace.
 *
 * A batch is what arrived within the lingering, at most so many rows, of one source. Memory: one batch, which is some
 * megabytes, and the chunks that come meanwhile.
 */

import { gather } from '../../async/gather.ts';
import type { Source } from '../../files/source.ts';
import type { Reject } from '../../lines/line.ts';
import type { Batch } from './batch.ts';
import { isBlank, lineEnd } from './csv-record.ts';
import { CsvReader } from './csv-row-reader.ts';
import { JsonReader } from './json-row-reader.ts';
import { Lines } from './lines.ts';
import type { Columns } from './schema.ts';
import { Position } from './source-cursor.ts';

const BRACE = 123;

/** Of one batch, about. */
const MOST_BYTES = 1 << 22;
const USUAL_ROW = 256;

export interface ReadSettings {
  readonly columns: Columns;
  /** One byte. */
  readonly delimiter: number;
  /** Rows of a batch, at most. */
  readonly most: number;
  /** How long the first row of a batch waits for others, at most. */
  readonly lingerMs: number;
  readonly reject: Reject;
}

/** Whole lines, but for the last one of a source. */
export interface Block {
  readonly bytes: Buffer;
  /** Nothing follows that could complete its last record. */
  readonly last: boolean;
  /** Rows, at most. */
  readonly most: number;
}

export interface Taken {
  readonly batch: Batch | undefined;
  /** Where the bytes begin that were not used. */
  readonly next: number;
}

export interface RowReader {
  /** @throws Failure (data) when the source as a whole does not fit the table */
  take(block: Block): Taken;
}

/** The batches, none of them empty. @throws Failure (data, no input, I/O) */
export async function* readRows(
  sources: AsyncIterable<Source>,
  settings: ReadSettings,
): AsyncGenerator<Batch> {
  for await (const source of sources) yield* sourceRows(source, settings);
}

async function* sourceRows(source: Source, settings: ReadSettings): AsyncGenerator<Batch> {
  const { lingerMs, most } = settings;
  const limits = { idleMs: lingerMs, maxMs: lingerMs, fullLength: Math.min(MOST_BYTES, most * USUAL_ROW) };
  const position = new Position(source.name, settings.reject);
  const lines = new Lines(position);
  let reader: RowReader | undefined;
  for await (const chunks of gather(kept(source.chunks()), limits)) {
    lines.add(chunks);
    reader ??= openReader(lines.whole, settings, position);
    if (reader) yield* batches(reader, lines, settings);
    lines.rejectLong();
  }
  lines.end();
  reader ??= openReader(lines.whole, settings, position);
  if (reader) yield* batches(reader, lines, settings);
}

/** Chunks that are not gone when the next one is asked for: they wait for one another. */
async function* kept(chunks: AsyncIterable<Buffer>): AsyncGenerator<Buffer> {
  for await (const chunk of chunks) yield Buffer.from(chunk);
}

/** By the first byte that is no line break; undefined while there is none. */
function openReader(bytes: Buffer, settings: ReadSettings, position: Position): RowReader | undefined {
  let at = 0;
  while (isBlank(bytes, at)) at = lineEnd(bytes, at);
  if (at === bytes.length) return undefined;
  const { columns, delimiter } = settings;
  return bytes[at] === BRACE
    ? new JsonReader(columns, position)
    : new CsvReader(columns, delimiter, position);
}

function* batches(reader: RowReader, lines: Lines, { most, columns }: ReadSettings): Generator<Batch> {
  for (let next = 1; next > 0 && lines.whole.length > 0; ) {
    const taken = reader.take({ bytes: lines.whole, last: lines.isLast, most });
    next = taken.next;
    lines.drop(next);
    if (taken.batch === undefined || taken.batch.rows === 0) continue;
    columns.settle(taken.batch);
    yield taken.batch;
  }
}
