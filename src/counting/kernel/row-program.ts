/**
 * The programs by which the kernel writes rows, one for each length of windows: for each column a literal text before it,
 * and what the column shows.
 *
 * Offsets and numbers are those of `src/kernels/readings/row-windows.ts`, `write-rows.ts` and `row-columns.ts`.
 */

import { needsQuotes } from '../../lines/format-rows.ts';
import { valueForAll } from '../../readings/by-sensor.ts';
import { UNIT_COLUMN } from '../../readings/series-units.ts';
import { type RowShape, rowColumns } from '../../readings/summary-row.ts';
import { type Decimal, powerOfTen } from '../../stats/decimal.ts';
import type { Windows } from '../../stats/windows.ts';
import { MARGIN, UnitTexts } from './unit-texts.ts';

/** What rows are to look like. */
export interface RowLayout extends RowShape {
  readonly json: boolean;
}

/** Windows of one length, as rows are made of them. */
export interface RowWindows {
  readonly label: string;
  /** Of windows that count from the epoch; Infinity for all readings in one; 0 when `spanAt` must be asked. */
  readonly lengthMs: number;
  readonly spanAt: Windows | undefined;
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
  var: 17,
  stddev: 18,
  [UNIT_COLUMN]: 19,
};
/** Bytes of a program before its steps, and of a step before its literal. */
const PROGRAM_HEAD = 12;
const STEP_HEAD = 19;
/** The kernel's numbers have 64 bits. */
const KERNEL_DECIMALS = 18;

/** All programs, one behind the other; undefined when the kernel cannot write such rows. */
export function rowPrograms(layout: RowLayout, windows: readonly RowWindows[]): Buffer | undefined {
  const { decimals = 0, units, json } = layout;
  if (decimals > KERNEL_DECIMALS || !UnitTexts.canWrite(units, json)) return undefined;
  const programs: Buffer[] = [];
  for (const { label, lengthMs } of windows) {
    const steps = rowSteps(layout, label);
    if (steps === undefined) return undefined;
    const head = Buffer.alloc(PROGRAM_HEAD);
    head.writeUInt32LE(PROGRAM_HEAD + steps.length);
    head.writeDoubleLE(lengthMs, 4);
    programs.push(head, steps);
  }
  return Buffer.concat(programs);
}

function rowSteps(layout: RowLayout, label: string): Buffer | undefined {
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
  const bytes = Buffer.alloc(STEP_HEAD);
  bytes.writeUInt8(column, 0);
  bytes.writeUInt16LE(text.length, 1);
  if (percent !== undefined) {
    bytes.writeBigUInt64LE(percent.units, 3);
    bytes.writeBigUInt64LE(100n * powerOfTen(percent.scale), 11);
  }
  return Buffer.concat([bytes, text]);
}
