// What differs in CSV and JSON: how names and times are written, and what stands for nothing.

import { BACKSLASH, BLANK, BRACE, COMMA, QUOTE } from './layout';
import { putByte, putBytes, putTime, textEnd, writeAt } from './row-text';
import { SENSOR_NAME } from './sensors';

/** Tells where the text for the unit of a sensor lies: its length, two bytes, and the text; 0 for none. */
@external('host', 'unitOf')
declare function unitOf(sensor: u32): u32;

/** `null` */
const NULL: u32 = 0x6c6c756e;

let isJson: bool = false;

/** The sensor of the row before, and whether its name is written as it is. */
let knownSensor: u32 = 0;
let isKnownPlain: bool = false;
/** The same for its unit, and where that lies. */
let unitSensor: u32 = 0;
let unit: u32 = 0;

/** To be called first. */
export function describeNotation(json: bool): void {
  isJson = json;
  knownSensor = 0;
  unitSensor = 0;
}

/** Writes the name of a sensor. False for one that is not written as it is: with quotes or escapes. */
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
  const separator = isJson ? BACKSLASH : COMMA;
  if (length > 0 && load<u8>(name) == BRACE) return false;
  for (let at = name; at < name + length; at++) {
    const byte = u32(load<u8>(at));
    if (byte < BLANK || byte == QUOTE || byte == separator) return false;
  }
  return true;
}

/** Writes a time, or nothing for NaN. */
export function putMoment(time: f64): void {
  if (time != time) {
    putNothing();
    return;
  }
  if (isJson) putByte(QUOTE);
  putTime(time);
  if (isJson) putByte(QUOTE);
}

/** Writes the unit of a sensor. */
export function putUnit(sensor: u32): void {
  if (sensor != unitSensor) {
    unitSensor = sensor;
    unit = unitOf(sensor);
  }
  if (unit == 0) putNothing();
  else putBytes(unit + 2, load<u16>(unit));
}

/** What stands for a column without a value. */
export function putNothing(): void {
  if (!isJson) return;
  store<u32>(textEnd, NULL);
  writeAt(textEnd + 4);
}
