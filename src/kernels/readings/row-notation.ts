// What differs between CSV, JSON and InfluxDB's line protocol: how names, times and missing values are written.

import { BACKSLASH, BLANK, BRACE, COMMA, EQUALS, QUOTE, ZERO } from './layout';
import { putByte, putBytes, putDecimal, putTime, textEnd, writeAt } from './row-text';
import { SENSOR_NAME } from './sensors';

/** Asks the host for the address of a sensor's unit: the length in two bytes, then the text; 0 for none. */
@external('host', 'unitOf')
declare function unitOf(sensor: u32): u32;

/** `null` */
const NULL: u32 = 0x6c6c756e;

// The notations, as in `src/counting/kernel/readings-abi.ts`.
const JSON_LINES: u32 = 1;
const INFLUX: u32 = 2;

let isJson: bool = false;
let isInflux: bool = false;

/** The sensor of the previous row, and whether its name can be written verbatim. */
let knownSensor: u32 = 0;
let isKnownPlain: bool = false;
/** The sensor whose unit was written last, and the address of that unit. */
let unitSensor: u32 = 0;
let unit: u32 = 0;

/** Must be called first. */
export function describeNotation(notation: u32): void {
  isJson = notation == JSON_LINES;
  isInflux = notation == INFLUX;
  knownSensor = 0;
  unitSensor = 0;
}

/** Writes the name of a sensor; false if it needs quotes or escapes. */
export function putName(sensor: u32): bool {
  const length = load<u32>(sensor);
  if (sensor != knownSensor) {
    knownSensor = sensor;
    isKnownPlain = isPlain(sensor + SENSOR_NAME, length);
  }
  if (!isKnownPlain) return false;
  if (isJson) putByte(QUOTE);
  putBytes(sensor + SENSOR_NAME, length);
  if (isJson) putByte(QUOTE);
  return true;
}

function isPlain(name: u32, length: u32): bool {
  if (isInflux) return isWord(name, length);
  const separator = isJson ? BACKSLASH : COMMA;
  if (length > 0 && load<u8>(name) == BRACE) return false;
  for (let at = name; at < name + length; at++) {
    const byte = u32(load<u8>(at));
    if (byte < BLANK || byte == QUOTE || byte == separator) return false;
  }
  return true;
}

/** Whether a name can be written verbatim in the line protocol. An empty one cannot: it is omitted along with its key. */
function isWord(name: u32, length: u32): bool {
  for (let at = name; at < name + length; at++) {
    const byte = u32(load<u8>(at));
    if (byte <= BLANK || byte == COMMA || byte == EQUALS || byte == BACKSLASH) return false;
  }
  return length > 0;
}

/** Writes a time; nothing for NaN. */
export function putMoment(time: f64): void {
  if (time != time) {
    putNothing();
    return;
  }
  if (isJson || isInflux) putByte(QUOTE);
  putTime(time);
  if (isJson || isInflux) putByte(QUOTE);
}

/** Writes a time as a timestamp in units of `unit` milliseconds, with `zeros` zeros appended; false for NaN. */
export function putStamp(time: f64, zeros: i32, unit: i64): bool {
  if (time != time) return false;
  const units = i64(Math.floor(time / f64(unit)));
  putDecimal(units, 0);
  if (units != 0) for (let zero = 0; zero < zeros; zero++) putByte(ZERO);
  return true;
}

export function putUnit(sensor: u32): void {
  if (sensor != unitSensor) {
    unitSensor = sensor;
    unit = unitOf(sensor);
  }
  if (unit == 0) putNothing();
  else putBytes(unit + 2, load<u16>(unit));
}

/** Writes a missing value: nothing in CSV; in the line protocol the comma and the key before it are removed too. */
export function putNothing(): void {
  if (isJson) {
    store<u32>(textEnd, NULL);
    writeAt(textEnd + 4);
  } else if (isInflux) {
    let at = textEnd - 1;
    while (load<u8>(at) != COMMA) at--;
    writeAt(at);
  }
}
