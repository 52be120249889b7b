/** Determines which fields of a line are the time, the sensor and the value; each may be several. */

/** The columns that the user names: each by its name in the header, or by a number from 1; empty if none is named. */
export interface ColumnNames {
  /** Several are joined to one time, separated by blanks. */
  readonly time: readonly string[];
  /** Several are joined to one name by `joinNames`. */
  readonly sensor: readonly string[];
  /** Each gives a reading of its own. */
  readonly value: readonly string[];
}

/** For lines in which the user names no column. */
export const noNames: ColumnNames = { time: [], sensor: [], value: [] };

/** Indexes of the columns, from 0; empty for columns that the lines do not have. */
export interface Columns {
  readonly time: readonly number[];
  readonly sensor: readonly number[];
  /** In the order of the fields; at least one. */
  readonly value: readonly number[];
  /** The user's names of the value columns, in the same order; empty if none is named. */
  readonly labels: readonly string[];
  /** Number of fields a line must have to hold all of these columns. */
  readonly needed: number;
  /** Number of fields of a complete line, as far as is known. */
  readonly width: number;
}

/** The columns of a line without a header, by its number of fields: `value`, `time,value` or `time,sensor,value`. */
export const plainColumns: readonly (Columns | undefined)[] = [
  undefined,
  { time: [], sensor: [], value: [0], labels: [], needed: 1, width: 1 },
  { time: [0], sensor: [], value: [1], labels: [], needed: 2, width: 2 },
  { time: [0], sensor: [1], value: [2], labels: [], needed: 3, width: 3 },
];

/** The columns if all are given by number, so that no header is needed; undefined otherwise. */
export function numberedColumns(names: ColumnNames): Columns | undefined {
  if (names.value.length === 0 || needsHeader(names)) return undefined;
  const columns = columnsAt(names, (name) => columnNumber(name) ?? -1);
  return { ...columns, width: columns.needed };
}

/** Whether a header must come first, because a column is given by name. */
export function needsHeader({ time, sensor, value }: ColumnNames): boolean {
  return [time, sensor, value].flat().some((name) => columnNumber(name) === undefined);
}

/** The columns found in the fields of a header; undefined if one of them is missing, so that it is not a header. */
export function headerColumns(fields: readonly string[], names: ColumnNames): Columns | undefined {
  const header = fields.map((field) => field.trim().toLowerCase());
  const find = (name: string): number => columnNumber(name) ?? header.indexOf(name.toLowerCase());
  const value = names.value.length === 0 ? ['value'] : names.value;
  const asked = [names.time, names.sensor, value].flat();
  if (asked.every((name) => columnNumber(name) !== undefined) || asked.some((name) => find(name) < 0))
    return undefined;
  const optional = (given: readonly string[], usual: string) =>
    given.length > 0 || find(usual) < 0 ? given : [usual];
  const found = { time: optional(names.time, 'time'), sensor: optional(names.sensor, 'sensor'), value };
  return { ...columnsAt(found, find), width: fields.length };
}

function columnsAt(names: ColumnNames, find: (name: string) => number): Omit<Columns, 'width'> {
  const values = names.value
    .map((name) => ({ name, at: find(name) }))
    .sort((one, other) => one.at - other.at);
  const [time, sensor] = [names.time.map(find), names.sensor.map(find)];
  const value = values.map(({ at }) => at);
  const needed = 1 + Math.max(...time, ...sensor, ...value);
  return { time, sensor, value, labels: values.map(({ name }) => name), needed };
}

function columnNumber(name: string): number | undefined {
  return /^[1-9]\d{0,5}$/.test(name) ? Number(name) - 1 : undefined;
}
