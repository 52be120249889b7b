/** Knows which fields of a line are the time, the sensor and the value. */

/** The columns that the user names: each by its name in the header, or by a number from 1; undefined if not named. */
export interface ColumnNames {
  readonly time: string | undefined;
  readonly sensor: string | undefined;
  readonly value: string | undefined;
}

/** Indexes of the columns, from 0; undefined for a column that the lines do not have. */
export interface Columns {
  readonly time: number | undefined;
  readonly sensor: number | undefined;
  readonly value: number;
  /** Number of fields a line must have to hold all of these columns. */
  readonly needed: number;
  /** Number of fields of a whole line, as far as is known. */
  readonly width: number;
}

/** The columns of a line without a header, by its number of fields: `value`, `time,value` or `time,sensor,value`. */
export const plainColumns: readonly (Columns | undefined)[] = [
  undefined,
  { time: undefined, sensor: undefined, value: 0, needed: 1, width: 1 },
  { time: 0, sensor: undefined, value: 1, needed: 2, width: 2 },
  { time: 0, sensor: 1, value: 2, needed: 3, width: 3 },
];

/** The columns when they are named by numbers only, so that no header is needed; undefined otherwise. */
export function numberedColumns({ time, sensor, value }: ColumnNames): Columns | undefined {
  const numbers = [time, sensor, value].map((name) => (name === undefined ? undefined : columnNumber(name)));
  const [timeAt, sensorAt, valueAt] = numbers;
  if (valueAt === undefined) return undefined;
  if ((time !== undefined && timeAt === undefined) || (sensor !== undefined && sensorAt === undefined))
    return undefined;
  const needed = 1 + Math.max(...numbers.map((at) => at ?? 0));
  return { time: timeAt, sensor: sensorAt, value: valueAt, needed, width: needed };
}

/** Whether a header must come first, since a column is named by its name. */
export function needsHeader({ time, sensor, value }: ColumnNames): boolean {
  return [time, sensor, value].some((name) => name !== undefined && columnNumber(name) === undefined);
}

/** The columns by the fields of a header; undefined when the line lacks one of them, and so is no header. */
export function headerColumns(fields: readonly string[], names: ColumnNames): Columns | undefined {
  const header = fields.map((field) => field.trim().toLowerCase());
  const find = (name: string): number => columnNumber(name) ?? header.indexOf(name.toLowerCase());
  const asked = [names.time, names.sensor, names.value ?? 'value'].filter((name) => name !== undefined);
  if (asked.every((name) => columnNumber(name) !== undefined) || asked.some((name) => find(name) < 0))
    return undefined;
  const optional = (name: string): number | undefined => (find(name) < 0 ? undefined : find(name));
  const time = optional(names.time ?? 'time');
  const sensor = optional(names.sensor ?? 'sensor');
  const value = find(names.value ?? 'value');
  return { time, sensor, value, needed: 1 + Math.max(time ?? 0, sensor ?? 0, value), width: fields.length };
}

function columnNumber(name: string): number | undefined {
  return /^[1-9]\d{0,5}$/.test(name) ? Number(name) - 1 : undefined;
}
