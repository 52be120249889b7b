/**
 * Encodes a group as a block of memory that a kernel can absorb as if another kernel had packed it: see `exchange.ts`
 * there.
 *
 * This moves what the exact engine has counted, often only the first line, into the kernel, which then writes the row.
 * Otherwise the row would be made from objects, one per value that quantiles need.
 */

import { type Decimal, unitsAt } from '../../stats/decimal.ts';
import type { SummaryParts, Timed } from '../../stats/summary.ts';
import { GROUP, type Groups, LONG } from './group-reader.ts';
import { MAX_DIGITS } from './readings-abi.ts';

/** The address of the group; it must not be 0. */
const START = 64;
/** In bytes: a sensor's record before its name, a long value, and the alignment of values. */
const SENSOR_NAME = 8;
const VALUE = 16;
const ALIGNMENT = 8;
/** The largest count of an entry: the kernel may convert it to a short one. */
const MAX_COUNT = 2 ** 21 - 1;
/** Of a long value's second word. */
const COUNT_BITS = 59n;
/** As in `src/kernels/readings/sum.ts` and `group.ts`. */
const SUM_LIMIT = 1n << 62n;
const MAX_READINGS = 2 ** 31;

type Value = SummaryParts['distinct'][number];

/**
 * A block with one group of the size of the kernel's groups; undefined if its numbers need more than 64 bits, or it has
 * times and the kernel's groups do not.
 *
 * @param pane the start of its pane in epoch milliseconds; 0 without panes
 */
export function groupBlock(
  sensor: string,
  pane: number,
  parts: SummaryParts,
  size: number,
): Groups | undefined {
  const { min, max, first, last } = parts;
  const isTimed = size > GROUP.firstTime;
  if (min === undefined || max === undefined || !fits(parts) || (first !== undefined && !isTimed))
    return undefined;
  const name = Buffer.from(sensor);
  const values = size + align(SENSOR_NAME + name.length);
  const entries = parts.distinct.flatMap(splitCount);
  const bytes = Buffer.alloc(values + entries.length * VALUE);
  const write = new GroupWriter(bytes, parts.scale);
  bytes.writeUInt32LE(parts.count, GROUP.count);
  bytes.writeBigInt64LE(parts.sum, GROUP.sum);
  write.value(min, GROUP.min, GROUP.minScale);
  write.value(max, GROUP.max, GROUP.maxScale);
  bytes.writeUInt8(parts.scale, GROUP.scale);
  bytes.writeUInt8(parts.scale | LONG, GROUP.valuesKind);
  if (size > GROUP.pane) {
    bytes.writeDoubleLE(pane, GROUP.pane);
    bytes.writeUInt32LE(START + values, GROUP.values);
    bytes.writeUInt32LE(START + bytes.length, GROUP.valuesEnd);
  }
  bytes.writeUInt32LE(START + size, GROUP.sensor);
  bytes.writeUInt32LE(name.length, size);
  name.copy(bytes, size + SENSOR_NAME);
  if (isTimed) {
    write.timed(first, Number.POSITIVE_INFINITY, GROUP.firstTime, GROUP.first, GROUP.firstScale);
    write.timed(last, Number.NEGATIVE_INFINITY, GROUP.lastTime, GROUP.last, GROUP.lastScale);
  }
  if (size > GROUP.squares) write.words(parts.squares, GROUP.squares);
  for (const [at, entry] of entries.entries()) write.entry(entry, values + at * VALUE);
  const memory = bytes.buffer.slice(bytes.byteOffset, bytes.byteOffset + bytes.length) as ArrayBuffer;
  return { memory, start: START, lastGroup: START, size };
}

/** Whether all numbers fit into 64 bits: every value is between the minimum and the maximum. */
function fits({ count, scale, sum, min, max }: SummaryParts): boolean {
  if (count >= MAX_READINGS || scale > MAX_DIGITS || min === undefined || max === undefined) return false;
  const numbers = [sum, unitsAt(min, scale), unitsAt(max, scale)];
  return numbers.every((number) => number < SUM_LIMIT && number > -SUM_LIMIT);
}

function splitCount({ value, count }: Value): Value[] {
  const parts: Value[] = [];
  for (let rest = count; rest > 0; rest -= MAX_COUNT) parts.push({ value, count: Math.min(rest, MAX_COUNT) });
  return parts;
}

function align(bytes: number): number {
  return Math.ceil(bytes / ALIGNMENT) * ALIGNMENT;
}

/** Writes the numbers of a group at its scale. */
class GroupWriter {
  readonly #bytes: Buffer;
  readonly #scale: number;

  constructor(bytes: Buffer, scale: number) {
    this.#bytes = bytes;
    this.#scale = scale;
  }

  value(value: Decimal, offset: number, scaleOffset: number): void {
    this.#bytes.writeBigInt64LE(unitsAt(value, this.#scale), offset);
    this.#bytes.writeUInt8(value.scale, scaleOffset);
  }

  /** @param never the time that means there is none */
  timed(
    timed: Timed | undefined,
    never: number,
    timeOffset: number,
    offset: number,
    scaleOffset: number,
  ): void {
    this.#bytes.writeDoubleLE(timed?.time ?? never, timeOffset);
    if (timed !== undefined) this.value(timed.value, offset, scaleOffset);
  }

  /** A 192-bit integer, least significant word first. */
  words(number: bigint, offset: number): void {
    for (let word = 0; word < 3; word++)
      this.#bytes.writeBigUInt64LE(BigInt.asUintN(64, number >> BigInt(word * 64)), offset + word * 8);
  }

  entry({ value, count }: Value, offset: number): void {
    this.#bytes.writeBigInt64LE(unitsAt(value, this.#scale), offset);
    this.#bytes.writeBigUInt64LE((BigInt(value.scale) << COUNT_BITS) | BigInt(count), offset + 8);
  }
}
