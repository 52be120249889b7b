// The shape of lines, as set by the host.

import { BLANK, MINUS, PLUS, POINT, ZERO } from './layout';

export let isJson: bool = false;
export let delimiter: u32 = 0;
/** The offset of a field's end in a line's index entries: four bytes per field before it; negative for no field. */
export let timeField: i32 = -1;
export let sensorField: i32 = -1;
export let valueField: i32 = 0;
/** The size in bytes of a line's index entries: four per field. */
export let lineIndex: u32 = 4;
/** 1 if lines end with a carriage return. */
export let endsWithReturn: u32 = 0;
/** Whether the index holds newlines only: for JSON, `sensor,value` and `time,sensor,value`. */
export let hasOnlyNewlines: bool = false;
/** Whether sensor names must still be checked for delimiters and quotes. */
export let checksNames: bool = false;
/** Whether lines may be common: `sensor,value` or `time,sensor,value`, and a delimiter that no number or time contains. */
export let mayBeCommon: bool = false;

/** Sets the shape of the next lines; -1 for a field that they do not have. */
export function setShape(
  json: bool,
  separator: u32,
  time: i32,
  sensor: i32,
  value: i32,
  width: u32,
  carriageReturn: bool,
): void {
  isJson = json;
  delimiter = separator;
  timeField = time * 4;
  sensorField = sensor * 4;
  valueField = value * 4;
  endsWithReturn = u32(carriageReturn);
  const isPair = width == 2 && time < 0 && sensor == 0 && value == 1;
  const isTriple = width == 3 && time == 0 && sensor == 1 && value == 2;
  hasOnlyNewlines = json || ((isPair || isTriple) && !carriageReturn);
  checksNames = hasOnlyNewlines && !json;
  mayBeCommon = checksNames && !isInNumbers(separator);
  lineIndex = hasOnlyNewlines ? 4 : width * 4;
}

/** Accepts every name from now on, because it is not part of a line. */
export function acceptAllNames(): void {
  checksNames = false;
}

/** Whether a byte is a digit, a letter, or one of ` +-.:`. */
function isInNumbers(byte: u32): bool {
  const letter = (byte | 0x20) - 0x61;
  return letter < 26 || byte - ZERO <= 10 || byte == PLUS || byte == MINUS || byte == POINT || byte == BLANK;
}
