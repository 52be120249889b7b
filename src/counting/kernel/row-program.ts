/**
 * The program by which the kernel writes rows: for each column a literal text before it, and what the column shows.
 *
 * The numbers are those of `src/kernels/readings/write-rows.ts`.
 */

import { needsQuotes } from '../../lines/format-rows.ts';
import { valueForAll } from '../../readings/by-sensor.ts';
import { UNIT_COLUMN } from '../../readings/series-units.ts';
import { type RowShape, rowColumns } from '../../readings/summary-row.ts';
import { type Decimal, powerOfTen } from '../../stats/decimal.ts';

/** What rows are to look like. */
export interface RowLayout extends RowShape {
  readonly json: boolean;
}

const END_OF_ROW = 0;
const QUANTILE = 16;
const COLUMNS: Readonly<Record<string, number>> = {
  sensor: 1,
  start: 2,
  end: 3,
  count: 4,
  min: 5,
  max: 6,
  avg: 7,
  expected: 8,
  missing: 9,
  sum: 10,
  range: 11,
  first: 12,
  last: 13,
  first_time: 14,
  last_time: 15,
};
/** Bytes of a step before its literal. */
const HEAD = 19;
/** In bytes: literals are copied eight bytes at a time. */
const MARGIN = 8;
/** The kernel's numbers have 64 bits. */
const MOST_DECIMALS = 18;

/** The program for windows of this label; undefined when the kernel cannot write such rows. */
export function rowProgram(layout: RowLayout, label: string): Buffer | undefined {
  if ((layout.decimals ?? 0) > MOST_DECIMALS) return undefined;
  const steps: Buffer[] = [];
  let literal = layout.json ? '{' : '';
  for (const [at, { name }] of rowColumns(layout).entries()) {
    if (at > 0) literal += ',';
    if (layout.json) literal += `${JSON.stringify(name)}:`;
    const text = sameInAllRows(name, layout, label);
    const percent = layout.statistics.find((statistic) => statistic.name === name)?.percent;
    const column = percent === undefined ? columnOf(name) : QUANTILE;
    if (text !== undefined) literal += text;
    else if (column === undefined) return undefined;
    else {
      steps.push(step(column, literal, percent));
      literal = '';
    }
  }
  steps.push(step(END_OF_ROW, layout.json ? `${literal}}\n` : `${literal}\n`));
  return Buffer.concat([...steps, Buffer.alloc(MARGIN)]);
}

/** What a column shows in all rows alike; undefined when they differ, or when it needs quotes in CSV. */
function sameInAllRows(name: string, { json, units }: RowLayout, label: string): string | undefined {
  const text = name === 'window' ? label : name === UNIT_COLUMN ? valueForAll(units) : undefined;
  if (text === undefined || json) return text && JSON.stringify(text);
  return needsQuotes(text) ? undefined : text;
}

function columnOf(name: string): number | undefined {
  return Object.hasOwn(COLUMNS, name) ? COLUMNS[name] : undefined;
}

function step(column: number, literal: string, percent?: Decimal): Buffer {
  const text = Buffer.from(literal);
  const bytes = Buffer.alloc(HEAD);
  bytes.writeUInt8(column, 0);
  bytes.writeUInt16LE(text.length, 1);
  if (percent !== undefined) {
    bytes.writeBigUInt64LE(percent.units, 3);
    bytes.writeBigUInt64LE(100n * powerOfTen(percent.scale), 11);
  }
  return Buffer.concat([bytes, text]);
}
