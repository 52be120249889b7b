/**
 * What a sensor is to the rest of the program. One driver per file in this folder makes one from an address.
 *
 * A driver throws Failures only: `usage` for a malformed address, `unavailable` where a retry is useless, `temporary`
 * where it is not. It never gives a value that it did not just read.
 */

import type { Address } from '../addresses/parse.ts';
import type { Line, Reject } from '../lines/line.ts';
import type { Decimal } from '../stats/decimal.ts';

export interface Measurement {
  /** In the unit of the source. */
  readonly value: Decimal;
  /** Epoch milliseconds, where the source knows when it measured. */
  readonly time?: number;
  /** The source's own name for what it measured. */
  readonly sensor?: string;
  /** Where a recorded one stood. */
  readonly line?: Line;
}

export interface Sensor {
  /** Its name in reading lines, where a measurement brings none. */
  readonly name: string;
  /** Set where the source is in °C by definition. */
  readonly unit?: 'C';
  /** Measures; undefined when a recording has come to its end. @throws Failure; ends at once when aborted */
  read(context: ReadContext): Promise<Measurement | undefined>;
  /** What it shows at any time, for sources that are pure functions of time. */
  at?(time: number): Measurement;
  /** All that was recorded, in its order, for sources that are recordings. @throws Failure */
  recorded?(): AsyncIterable<Measurement[]>;
}

export interface ReadContext {
  readonly signal: AbortSignal;
  /** Epoch milliseconds. */
  now(): number;
  /** A value older than this is not a reading, where the source tells its age. */
  readonly maxAgeMs?: number | undefined;
}

/** What a driver may use of all that surrounds it; a tool's Io is one. */
export interface Surroundings {
  readonly env: Readonly<Record<string, string | undefined>>;
  lines(files: readonly string[]): AsyncIterable<Line[]>;
  readonly reject: Reject;
}

/** @throws Failure (usage) */
export type OpenSensor = (address: Address, surroundings: Surroundings) => Sensor;
