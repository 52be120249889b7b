/** Stores lines as records in objects. */

import type { Line, Rejection } from '../lines/line.ts';
import type { RecordMaker } from './record.ts';
import type { Completion, RecordObjects } from './record-objects.ts';

/** Receives the outcome of lines. */
interface LineCounts {
  reject(line: Line, rejection: Rejection): void;
  accept(count: number): void;
}

export interface RecordStage {
  readonly records: RecordMaker;
  readonly open: RecordObjects;
  /** Number of records after which all objects are completed. */
  readonly most: number | undefined;
}

/** Rejects the first line that is not a record, which ends the tool. */
export async function checkLines(
  batches: AsyncIterable<Line[]>,
  records: RecordMaker,
  { reject }: Pick<LineCounts, 'reject'>,
): Promise<void> {
  for await (const lines of batches)
    for (const line of lines) {
      const record = records.make(line.text);
      if (!isBlank(line) && 'kind' in record) reject(line, record);
    }
}

/** Adds each record to its object. @returns completions of full objects, then of all */
export async function* storeLines(
  batches: AsyncIterable<Line[]>,
  { records, open, most = Number.POSITIVE_INFINITY }: RecordStage,
  { reject, accept }: LineCounts,
): AsyncGenerator<Completion> {
  let count = 0;
  for await (const lines of batches) {
    let stored = 0;
    for (const line of lines) {
      if (isBlank(line)) continue;
      const record = records.make(line.text);
      if ('kind' in record) {
        reject(line, record);
        continue;
      }
      const adding = open.add(record, line.number - 1);
      if (adding !== undefined) yield* adding;
      stored++;
      if (++count % most === 0) yield* open.completeAll();
    }
    accept(stored);
  }
  yield* open.completeAll();
}

function isBlank({ text }: Line): boolean {
  return text === '';
}
