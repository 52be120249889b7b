/**
 * A sensor as the rest of the program sees it. Each driver in this folder makes one from an address.
 *
 * A driver throws only Failures: `usage` for a malformed address, `unavailable` when trying again is useless, `temporary`
 * when it may help. It never returns a value that it has not just read.
 */

import type { Address } from '../addresses/parse.ts';
import type { Failure } from '../failure.ts';
import type { Line, Reject } from '../lines/line.ts';
import type { MemberPath } from '../lines/member-path.ts';
import type { TemperatureUnit } from '../readings/units.ts';
import type { Decimal } from '../stats/decimal.ts';

export interface Measurement {
  readonly value: Decimal;
  /** As the sensor itself gives it, which counts more than what the user says. */
  readonly unit?: TemperatureUnit;
  /** Epoch milliseconds, when the sensor knows the time of the measurement. */
  readonly time?: number;
  /** The sensor's own name for the quantity it measured. */
  readonly sensor?: string;
  /** The line of a recording that it comes from. */
  readonly line?: Line;
}

export interface Sensor {
  /** Its name in reading lines when a measurement has none. */
  readonly name: string;
  /** Set when its values are in °C by definition. */
  readonly unit?: 'C';
  /** Measures; undefined at the end of a recording. @throws Failure; the signal's reason as soon as it is aborted */
  read(context: ReadContext): Promise<Measurement | undefined>;
  /**
   * Measures several quantities at once: these members of the JSON that the sensor gives, or why one is missing.
   *
   * @throws Failure when all are missing; the signal's reason as soon as it is aborted
   */
  readMembers?(members: readonly MemberPath[], context: ReadContext): Promise<(Measurement | Failure)[]>;
  /** The measurement at any time (epoch milliseconds), for sensors that are pure functions of time. */
  at?(time: number): Measurement;
  /** All measurements in their order, for sensors that are recordings. @throws Failure */
  recorded?(): AsyncIterable<Measurement[]>;
  /** Ends a connection that is kept between readings. Throws nothing. */
  close?(): Promise<void>;
}

export interface ReadContext {
  readonly signal: AbortSignal;
  /** Epoch milliseconds. */
  now(): number;
  /** A value older than this is not a reading, when the sensor tells its age; undefined for any age. */
  readonly maxAgeMs?: number | undefined;
}

/** A sensor of this machine. */
export interface FoundSensor {
  /** Plain text without blanks. */
  readonly address: string;
  /** The sensor's or chip's own label, for people. */
  readonly label: string;
}

/** Finds all sensors of a scheme, in their order. @throws Failure */
export type FindSensors = (io: SensorIo) => Promise<FoundSensor[]>;

/** The part of a tool's Io that drivers use. */
export interface SensorIo {
  readonly env: Readonly<Record<string, string | undefined>>;
  lines(files: readonly string[]): AsyncIterable<Line[]>;
  readonly reject: Reject;
}

/** A driver. It measures nothing yet. @throws Failure (usage) for an address that is malformed */
export type OpenSensor = (address: Address, io: SensorIo) => Sensor;
