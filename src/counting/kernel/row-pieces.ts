/**
 * What rows consist of in each notation: literal text, and columns, whose text the kernel writes.
 *
 * All rows of windows of one length have the same pieces. Only InfluxDB's line protocol leaves out a column without a
 * value, along with its key.
 */

import type { Column } from '../../lines/format-rows.ts';
import { NANOSECONDS, type Precision, protocolWord } from '../../lines/line-protocol.ts';
import { valueForAll } from '../../readings/by-sensor.ts';
import { influxPart, STATS } from '../../readings/influx-rows.ts';
import { UNIT_COLUMN } from '../../readings/series-units.ts';
import { type RowShape, rowColumns } from '../../readings/summary-row.ts';
import { powerOfTen } from '../../stats/decimal.ts';
import { type Notation, unitText } from './unit-texts.ts';

/** What rows are to look like. */
export interface RowLayout extends RowShape {
  readonly notation: Notation;
  /** The unit of timestamps in InfluxDB's line protocol. */
  readonly precision: Precision;
}

/** A literal text, or a column. */
export type Piece = string | ColumnPiece;

/** A column by its name, or by the kernel's name for it, with two numbers as parameters. */
export interface ColumnPiece {
  readonly name: string;
  readonly part?: bigint;
  readonly whole?: bigint;
}

const MILLISECOND = NANOSECONDS.ms;

/** The pieces of rows of windows with this label. */
export function rowPieces(layout: RowLayout, label: string): Piece[] {
  return PIECES[layout.notation](layout, label);
}

const PIECES: Readonly<Record<Notation, (layout: RowLayout, label: string) => Piece[]>> = {
  csv: (layout, label) => [
    ...rowColumns(layout).flatMap(({ name }, at) => [at > 0 ? ',' : '', valuePiece(name, layout, label)]),
    '\n',
  ],
  json: (layout, label) => [
    '{',
    ...rowColumns(layout).flatMap(({ name }, at) => [
      `${at > 0 ? ',' : ''}${JSON.stringify(name)}:`,
      valuePiece(name, layout, label),
    ]),
    '}\n',
  ],
  influx: (layout, label) => {
    const columns = rowColumns(layout);
    const tags = columns.filter((column) => influxPart(column) === 'tag');
    const fields = columns.filter((column) => !['tag', 'timestamp'].includes(influxPart(column)));
    return [
      STATS,
      ...tags.flatMap(({ name }) => [`,${name}=`, valuePiece(name, layout, label)]),
      ...fields.flatMap((column, at) => [at > 0 ? ',' : ' ', ...fieldPieces(column, layout, label)]),
      ' ',
      stamp('end_stamp', layout.precision),
      '\n',
    ];
  },
};

function fieldPieces(column: Column, layout: RowLayout, label: string): Piece[] {
  const { name } = column;
  const part = influxPart(column);
  const key = `${protocolWord(name)}=`;
  if (part === 'start') return [key, stamp('start_stamp', layout.precision), 'i'];
  return [key, valuePiece(name, layout, label), part === 'integer' ? 'i' : ''];
}

/** A time as a number: milliseconds with zeros appended, or divided by a number of milliseconds and rounded down. */
function stamp(name: string, precision: Precision): ColumnPiece {
  const unit = NANOSECONDS[precision];
  const zeros = String(MILLISECOND / unit).length - 1;
  return unit > MILLISECOND
    ? { name, part: 0n, whole: unit / MILLISECOND }
    : { name, part: BigInt(zeros), whole: 1n };
}

/** The value of a column; a literal if it is the same in all rows. */
function valuePiece(name: string, { statistics, units, notation }: RowLayout, label: string): Piece {
  if (name === 'window') return notation === 'json' ? JSON.stringify(label) : label;
  const unit = name === UNIT_COLUMN ? valueForAll(units) : undefined;
  if (unit !== undefined) return unitText(unit, notation) ?? { name };
  const percent = statistics.find((statistic) => statistic.name === name)?.percent;
  if (percent === undefined) return { name };
  return { name: 'quantile', part: percent.units, whole: 100n * powerOfTen(percent.scale) };
}
