/** Finds the texts of time, sensor and values in a line: among the fields of CSV, or the members of an object. */

import { JsonNumber } from '../lines/json.ts';
import type { ColumnNames, Columns } from './reading-columns.ts';
import type { ValueReader } from './value-reader.ts';

/** The fields of a line, as written. */
export interface Fields {
  /** Undefined for a line without a time. */
  readonly time: string | undefined;
  /** The names that make the name of the sensor; none where the line has none. */
  readonly sensor: readonly string[];
  /** At least one; undefined for a field that the line lacks. */
  readonly values: readonly (string | undefined)[];
  /** What the user calls the values, in their order; used where there are several. */
  readonly labels: readonly string[];
}

/** Those of a line of CSV. */
export function fieldsAt(fields: readonly string[], { time, sensor, value, labels }: Columns): Fields {
  return {
    time: joinTimes(time.map((at) => fields[at] ?? '')),
    sensor: sensor.map((at) => withoutPadding(fields[at] ?? '')),
    values: value.map((at) => fields[at]),
    labels,
  };
}

/** A name without the blanks around it, as columns of one width have them; the kernel leaves such names to us. */
function withoutPadding(name: string): string {
  let [start, end] = [0, name.length];
  while (start < end && isBlank(name[start])) start++;
  while (end > start && isBlank(name[end - 1])) end--;
  return name.slice(start, end);
}

function isBlank(character: string | undefined): boolean {
  return character === ' ' || character === '\t';
}

/** Those of an object, whose values are written for this reader. */
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

/** Several texts as one time, with a blank between them: a missing one leaves the blank, so that it is no shorter time. */
function joinTimes(texts: readonly (string | undefined)[]): string | undefined {
  return texts.length === 0 ? undefined : texts.map((text = '') => text.trim()).join(' ');
}

/** A value that an object lacks is empty beside others, as in a table. */
function allOrEmpty(values: readonly (string | undefined)[]): readonly (string | undefined)[] {
  return isMissing(values) ? values : values.map((text = '') => text);
}

function isMissing(texts: readonly (string | undefined)[]): boolean {
  return texts.every((text) => text === undefined);
}

/** The text of a member; undefined when the object lacks it, or it is null. */
function memberText(member: unknown): string | undefined {
  if (member === undefined || member === null) return undefined;
  if (member instanceof JsonNumber) return member.digits;
  return typeof member === 'string' ? member : JSON.stringify(member);
}
