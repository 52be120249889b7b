/**
 * Stats rows in InfluxDB's line protocol: `stats,sensor=attic,window=1h start=...i,count=60i,min=20.5,... TIMESTAMP`.
 *
 * The timestamp is the end of the row, so that writing the row again replaces it.
 */

import type { Column, Row } from '../lines/format-rows.ts';
import {
  formatProtocolLine,
  integerField,
  type Pair,
  type Precision,
  stringField,
  timestampOf,
} from '../lines/line-protocol.ts';
import { UNIT_COLUMN } from './series-units.ts';
import { parseTime } from './time.ts';

/** The measurement. */
export const STATS = 'stats';

const TAGS: ReadonlySet<string> = new Set(['sensor', 'window', UNIT_COLUMN]);
/** Columns of counts, which are integers. */
const WHOLE: ReadonlySet<string> = new Set(['count', 'expected', 'missing']);

/** What a column becomes in a line; `start` is written as an integer timestamp. */
export function influxPart({
  name,
  type,
}: Column): 'tag' | 'timestamp' | 'start' | 'integer' | 'text' | 'number' {
  if (TAGS.has(name)) return 'tag';
  if (name === 'end') return 'timestamp';
  if (name === 'start') return 'start';
  return WHOLE.has(name) ? 'integer' : type;
}

/** Rows as lines; a batch may be the text of lines that were formatted elsewhere. */
export async function* formatRowsInflux(
  batches: AsyncIterable<Row[] | Buffer>,
  columns: readonly Column[],
  precision: Precision,
): AsyncGenerator<string | Buffer> {
  const format = rowWriter(columns, precision);
  for await (const rows of batches) yield Array.isArray(rows) ? rows.map(format).join('') : rows;
}

function rowWriter(columns: readonly Column[], precision: Precision): (row: Row) => string {
  const parts = columns.map((column) => ({ name: column.name, part: influxPart(column) }));
  const stamp = (text: string) => {
    const time = parseTime(text);
    return time === undefined ? undefined : timestampOf(time, precision);
  };
  return (row) => {
    const tags: Pair[] = [];
    const fields: Pair[] = [];
    let timestamp: string | undefined;
    for (const [at, { name, part }] of parts.entries()) {
      const text = row[at] ?? '';
      if (part === 'tag') tags.push([name, text]);
      else if (part === 'timestamp') timestamp = stamp(text);
      else if (part === 'start') fields.push([name, integerField(stamp(text) ?? '')]);
      else if (part === 'integer') fields.push([name, integerField(text)]);
      else fields.push([name, part === 'text' ? stringField(text) : text]);
    }
    return formatProtocolLine(STATS, tags, fields, timestamp);
  };
}
