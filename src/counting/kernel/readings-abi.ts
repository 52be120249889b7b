/** The binary interface of kernel and host: functions, numbers and addresses (as in `src/kernels/readings/layout.ts`). */

import { random } from '../../files/random.ts';
import type { Range } from '../../readings/range.ts';
import type { Span } from '../../stats/windows.ts';
import { rangeByScale } from './range-by-scale.ts';
import type { RowWindows } from './row-program.ts';

/** Why `scan` returned: see `src/kernels/readings/kernel.ts`. */
export const stop = { allRead: 0, oddLine: 1, passed: 2, full: 3 } as const;

/** How rows are written: see `src/kernels/readings/row-notation.ts`. */
export const NOTATIONS = { csv: 0, json: 1, influx: 2 } as const;

/** What a kernel is made for. */
export interface KernelOptions {
  readonly times: boolean;
  readonly squares: boolean;
  readonly distinct: boolean;
  readonly panes: boolean;
  /** The length of panes aligned to the epoch; undefined if `locate` must be asked. */
  readonly paneLengthMs: number | undefined;
  readonly range: Range | undefined;
  /** The names of the NDJSON members: up to 16 bytes of ASCII each. */
  readonly members: readonly [time: string, sensor: string, value: string];
  locate(time: number): Span;
  /** The windows of rows, in order. */
  readonly windows: readonly RowWindows[];
}

/** The columns of plain lines, counted from 0; -1 for a column that lines do not have. */
export interface KernelShape {
  readonly json: boolean;
  readonly delimiter: number;
  readonly time: number;
  readonly sensor: number;
  readonly value: number;
  /** The number of columns. */
  readonly width: number;
  readonly carriageReturn: boolean;
}

/** The kernel's functions and globals, as exported by `src/kernels/readings/kernel.ts`. */
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
  absorb(moved: number, firstGroup: number): number;
  shareGroup(length: number, pane: number): number;
  sortGroups(): number;
  describeRows(from: number, to: number, notation: number, expect: number, decimals: number): number;
  writeRows(): number;
  /** Typed, unlike the other globals, because they are read often. */
  readonly lineStart: WebAssembly.Global;
  readonly counted: WebAssembly.Global;
  readonly leastScale: WebAssembly.Global;
  readonly rowCount: WebAssembly.Global;
  readonly isLeft: WebAssembly.Global;
  readonly resolution: WebAssembly.Global;
  readonly windowStart: WebAssembly.Global;
  readonly windowGroup: WebAssembly.Global;
  readonly windowGroups: WebAssembly.Global;
  readonly windowGroupsEnd: WebAssembly.Global;
  readonly [global: string]: unknown;
}

const LEAST = 1280;
const GREATEST = 1472;
const MEMBERS = 1664;
const MEMBER_LENGTHS = 1712;
const HASH_KEY = 1984;
const HASH_KEY_LENGTH = 32;
/** The most digits of a value. */
export const MAX_DIGITS = 18;
/** Stands for an unknown scale. */
export const NO_SCALE = 255;
/** The address of a chunk. A line continued from the previous chunk begins right before it. */
export const INPUT = (1 << 20) + (1 << 17);
/** Size in bytes of a chunk, which stays in the cache between reading and counting. */
export const CHUNK = 1 << 18;

/** Writes the smallest and largest units of values at every scale. */
export function writeRange(memory: Buffer, range: Range): void {
  for (const [scale, { least, greatest }] of rangeByScale(range, MAX_DIGITS).entries()) {
    memory.writeBigInt64LE(least, LEAST + scale * 8);
    memory.writeBigInt64LE(greatest, GREATEST + scale * 8);
  }
}

/** Writes a random key for the hash tables, so that no input can be crafted to make them slow. */
export function writeHashKey(memory: Buffer): void {
  random.fill(memory.subarray(HASH_KEY, HASH_KEY + HASH_KEY_LENGTH));
}

/** Writes the names of the NDJSON members: up to 16 bytes of ASCII each. */
export function writeMembers(memory: Buffer, members: readonly string[]): void {
  for (const [at, name] of members.entries()) {
    memory.write(name, MEMBERS + at * 16, 'latin1');
    memory.writeUInt32LE(name.length, MEMBER_LENGTHS + at * 4);
  }
}
