/** Finds the texts of time, sensor and values in a line: the fields of CSV, or the members of an object. */

import { JsonNumber } from '../lines/json.ts';
import type { ColumnNames, Columns } from './reading-columns.ts';
import type { ValueReader } from './value-reader.ts';

/** The fields of a line, as written. */
export interface Fields {
  /** Undefined for a line without a time. */
  readonly time: string | undefined;
  /** The parts of the sensor's name; empty if the line has none. */
  readonly sensor: readonly string[];
  /** At least one; undefined for a field that the line lacks. */
  readonly values: readonly (string | undefined)[];
  /** The user's names of the values, in order; used if there are several. */
  readonly labels: readonly string[];
}

/** The fields of a line of CSV. */
export function fieldsAt(fields: readonly string[], { time, sensor, value, labels }: Columns): Fields {
  return {
    time: joinTimes(time.map((at) => fields[at] ?? '')),
    sensor: sensor.map((at) => withoutPadding(fields[at] ?? '')),
    values: value.map((at) => fields[at]),
    labels,
  };
}

/** Trims a name, because columns of fixed width are padded; the kernel leaves such names to the exact engine. */
function withoutPadding(name: string): string {
  let [start, end] = [0, name.length];
  while (start < end && isBlank(name[start])) start++;
  while (end > start && isBlank(name[end - 1])) end--;
  return name.slice(start, end);
}

function isBlank(character: string | undefined): boolean {
  return character === ' ' || character === '\t';
}

/** The fields of an object; numbers are written in the notation of this reader. */
export function fieldsNamed(
  members: ReadonlyMap<string, unknown>,
  names: ColumnNames,
  reader: ValueReader,
): Fields {
  const find = (given: readonly string[], usual: string) =>
    (given.length > 0 ? given : [usual]).map((name) => members.get(name));
  const [time, sensor] = [
    find(names.time, 'time').map(memberText),
    find(names.sensor, 'sensor').map(memberText),
  ];
  return {
    time: joinTimes(isMissing(time) ? [] : time),
    sensor: isMissing(sensor) ? [] : sensor.map((name) => name ?? ''),
    values: allOrEmpty(
      find(names.value, 'value').map((member) =>
        member instanceof JsonNumber ? reader.written(member) : memberText(member),
      ),
    ),
    labels: names.value,
  };
}

/** Joins texts to one time, separated by blanks. A missing one leaves its blank, so the rest is no shorter time. */
function joinTimes(texts: readonly (string | undefined)[]): string | undefined {
  return texts.length === 0 ? undefined : texts.map((text = '') => text.trim()).join(' ');
}

/** A value that an object lacks counts as empty if others are there, as in a table. */
function allOrEmpty(values: readonly (string | undefined)[]): readonly (string | undefined)[] {
  return isMissing(values) ? values : values.map((text = '') => text);
}

function isMissing(texts: readonly (string | undefined)[]): boolean {
  return texts.every((text) => text === undefined);
}

/** The text of a member; undefined if the object lacks it, or it is null. */
function memberText(member: unknown): string | undefined {
  if (member === undefined || member === null) return undefined;
  if (member instanceof JsonNumber) return member.digits;
  return typeof member === 'string' ? member : JSON.stringify(member);
}
