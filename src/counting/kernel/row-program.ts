/**
 * The programs by which the kernel writes rows, one per window length: for each column a literal text before it, and what
 * the column shows.
 *
 * Offsets and numbers are those of `src/kernels/readings/row-windows.ts`, `write-rows.ts` and `row-columns.ts`.
 */

import type { Span } from '../../stats/windows.ts';
import { type ColumnPiece, type Piece, type RowLayout, rowPieces } from './row-pieces.ts';
import { MARGIN, UnitTexts } from './unit-texts.ts';

/** Windows of one length, as needed for rows. */
export interface RowWindows {
  readonly label: string;
  /** The length of windows aligned to the epoch; Infinity for all readings in one; 0 if `windowAt` must be asked. */
  readonly lengthMs: number;
  /** The step between the starts of these windows: less than their length if they overlap. */
  readonly stepMs: number;
  /** The first window that contains the pane at `time` and begins at `from` or later. */
  windowAt(time: number, from: number): NextWindow;
}

/** A window, and the earliest start of the next one. */
export interface NextWindow extends Span {
  readonly next: number;
}

const END_OF_ROW = 0;
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
  quantile: 16,
  var: 17,
  stddev: 18,
  unit: 19,
  start_stamp: 20,
  end_stamp: 21,
};
/** Bytes of a program before its steps, and of a step before its literal. */
const PROGRAM_HEAD = 20;
const STEP_HEAD = 19;
/** The kernel's numbers have 64 bits. */
const KERNEL_DECIMALS = 18;

/** All programs, concatenated; undefined if the kernel cannot write such rows. */
export function rowPrograms(layout: RowLayout, windows: readonly RowWindows[]): Buffer | undefined {
  const { decimals = 0, units, notation } = layout;
  if (decimals > KERNEL_DECIMALS || !UnitTexts.canWrite(units, notation)) return undefined;
  const programs: Buffer[] = [];
  for (const { label, lengthMs, stepMs } of windows) {
    const steps = rowSteps(rowPieces(layout, label));
    if (steps === undefined) return undefined;
    const head = Buffer.alloc(PROGRAM_HEAD);
    head.writeUInt32LE(PROGRAM_HEAD + steps.length);
    head.writeDoubleLE(lengthMs, 4);
    head.writeDoubleLE(stepMs, 12);
    programs.push(head, steps);
  }
  return Buffer.concat(programs);
}

/** A step per column, with the literal text before it; undefined if the kernel does not know a column. */
function rowSteps(pieces: readonly Piece[]): Buffer | undefined {
  const steps: Buffer[] = [];
  let literal = '';
  for (const piece of pieces) {
    if (typeof piece === 'string') literal += piece;
    else {
      const column = Object.hasOwn(COLUMNS, piece.name) ? COLUMNS[piece.name] : undefined;
      if (column === undefined) return undefined;
      steps.push(step(column, literal, piece));
      literal = '';
    }
  }
  steps.push(step(END_OF_ROW, literal));
  return Buffer.concat([...steps, Buffer.alloc(MARGIN)]);
}

function step(column: number, literal: string, { part = 0n, whole = 0n }: Partial<ColumnPiece> = {}): Buffer {
  const text = Buffer.from(literal);
  const bytes = Buffer.alloc(STEP_HEAD);
  bytes.writeUInt8(column, 0);
  bytes.writeUInt16LE(text.length, 1);
  bytes.writeBigUInt64LE(part, 3);
  bytes.writeBigUInt64LE(whole, 11);
  return Buffer.concat([bytes, text]);
}
