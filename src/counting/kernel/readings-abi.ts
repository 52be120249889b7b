/** What the kernel and its host agree about: functions, numbers, and places in the memory (as in `src/kernels/readings/layout.ts`). */

import type { Range } from '../../readings/range.ts';
import { rangeByScale } from './range-by-scale.ts';

/** Why `scan` came back. */
export const stop = { allRead: 0, oddLine: 1, passed: 2, full: 3 } as const;

/** What lines look like; the columns count from 0, -1 for one that they do not have. */
export interface KernelShape {
  readonly json: boolean;
  /** One byte. */
  readonly delimiter: number;
  readonly time: number;
  readonly sensor: number;
  readonly value: number;
  readonly width: number;
  readonly carriageReturn: boolean;
}

export interface Exports {
  readonly memory: WebAssembly.Memory;
  initialise(squares: boolean, distinct: boolean, panes: boolean, length: number, range: boolean): void;
  clear(times: boolean): void;
  setShape(
    json: boolean,
    delimiter: number,
    time: number,
    sensor: number,
    value: number,
    width: number,
    carriageReturn: boolean,
  ): void;
  feed(start: number, end: number): void;
  scan(): number;
  settleAll(): void;
  pack(): number;
  makeRoom(size: number): number;
  absorb(moved: number, firstGroup: number, firstValue: number): number;
  /** Asked after every chunk, so by name. */
  readonly lineStart: WebAssembly.Global;
  readonly counted: WebAssembly.Global;
  readonly leastScale: WebAssembly.Global;
  readonly [global: string]: unknown;
}

/** Of the memory, as in `src/kernels/readings/layout.ts`. */
const LEAST = 1280;
const GREATEST = 1472;
const MEMBERS = 1664;
const MEMBER_LENGTHS = 1712;
/** Of a value. */
const MOST_DIGITS = 18;
/** The size of a group that holds times or squares, in bytes. */
export const LONG_GROUP = 128;
/** In the place of a scale that is not known. */
export const NO_SCALE = 255;
/** Where a chunk is put; before it lies the line that began in the one before. */
export const INPUT = (1 << 20) + (1 << 17);
/** Of a chunk, in bytes: one that stays in the cache between reading and counting. */
export const CHUNK = 1 << 18;

/** What values may be, at every scale. */
export function writeRange(memory: Buffer, range: Range): void {
  for (const [scale, { least, greatest }] of rangeByScale(range, MOST_DIGITS).entries()) {
    memory.writeBigInt64LE(least, LEAST + scale * 8);
    memory.writeBigInt64LE(greatest, GREATEST + scale * 8);
  }
}

/** The names of the members of NDJSON. */
export function writeMembers(memory: Buffer, members: readonly string[]): void {
  for (const [at, name] of members.entries()) {
    memory.write(name, MEMBERS + at * 16, 'latin1');
    memory.writeUInt32LE(name.length, MEMBER_LENGTHS + at * 4);
  }
}
