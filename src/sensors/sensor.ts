/**
 * The contract of sensors. Each driver in this folder makes one from an address.
 *
 * A driver throws only Failures: `usage` for a malformed address, `unavailable` when a retry is useless, `temporary`
 * when it may help. It never returns a stale value.
 */

import type { Address } from '../addresses/parse.ts';
import type { Failure } from '../failure.ts';
import type { Line, Reject } from '../lines/line.ts';
import type { MemberPath } from '../lines/member-path.ts';
import type { TemperatureUnit } from '../readings/units.ts';
import type { Decimal } from '../stats/decimal.ts';

export interface Measurement {
  readonly value: Decimal;
  /** From the sensor itself; takes precedence over the user's option. */
  readonly unit?: TemperatureUnit;
  /** Epoch milliseconds, if the sensor knows the time of the measurement. */
  readonly time?: number;
  /** The sensor's own name for the measured quantity. */
  readonly sensor?: string;
  /** The line of a recording that it comes from. */
  readonly line?: Line;
}

export interface Sensor {
  /** Its default name in reading lines. */
  readonly name: string;
  /** Set when its values are in °C by definition. */
  readonly unit?: 'C';
  /** Takes a measurement; undefined at the end of a recording. @throws Failure; the signal's reason at once on abort */
  read(context: ReadContext): Promise<Measurement | undefined>;
  /**
   * Measures several quantities at once: these members of the sensor's JSON, or a Failure for each missing one.
   *
   * @throws Failure when all are missing; the signal's reason as soon as it is aborted
   */
  readMembers?(members: readonly MemberPath[], context: ReadContext): Promise<(Measurement | Failure)[]>;
  /** The measurement at any time (epoch milliseconds), for sensors that are pure functions of time. */
  at?(time: number): Measurement;
  /** All measurements in order, for recordings. @throws Failure */
  recorded?(): AsyncIterable<Measurement[]>;
  /** Closes a persistent connection. Never throws. */
  close?(): Promise<void>;
}

export interface ReadContext {
  readonly signal: AbortSignal;
  /** Epoch milliseconds. */
  now(): number;
  /** Maximum age of a value, if the sensor tells it; undefined for no limit. */
  readonly maxAgeMs?: number | undefined;
}

/** A discovered sensor. */
export interface FoundSensor {
  /** Plain text without blanks. */
  readonly address: string;
  /** The label of the sensor or chip, for users. */
  readonly label: string;
}

/** Finds all sensors of a scheme, in order. @throws Failure */
export type FindSensors = (io: SensorIo) => Promise<FoundSensor[]>;

/** The part of a tool's Io that drivers use. */
export interface SensorIo {
  readonly env: Readonly<Record<string, string | undefined>>;
  lines(files: readonly string[]): AsyncIterable<Line[]>;
  readonly reject: Reject;
}

/** A driver. Measures nothing yet. @throws Failure (usage) when the address is malformed */
export type OpenSensor = (address: Address, io: SensorIo) => Sensor;
