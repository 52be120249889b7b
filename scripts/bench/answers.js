/**
 * Compares the answers of the peers, so that none is fast by being wrong.
 *
 * An answer maps a key (sensor, or sensor and hour or minute) to count, minimum, maximum, average and perhaps median. All but
 * the average must be equal; averages may differ by one part in 10^9, because some peers add in binary floating point.
 *
 *
 * @import { Question, Row } from './types.d.ts'
 */

import { createReadStream } from 'node:fs';
import { createInterface } from 'node:readline';

const TOLERANCE = 1e-9;
const SMALLEST_SIZE = 1e-3;
const HEADER = 'sensor,window,start,end,count,min,max,avg';
const HOUR = 'yyyy-mm-ddThh'.length;
const MINUTE = 'yyyy-mm-ddThh:mm'.length;
/** How many characters of a window's start are part of the key. @type {Readonly<Record<Question, number>>} */
const STARTS = { stations: 0, sensors: 0, json: 0, hours: HOUR, minutes: MINUTE, medians: HOUR };

/**
 * Parses an answer: lines of keys, count, minimum, maximum, average and perhaps median, or rows of get-stats.
 *
 * @param {string} text
 * @param {Question} question
 */
export function parseRows(text, question) {
  const numbers = question === 'medians' ? 5 : 4;
  /** @type {Map<string, Row>} */
  const answer = new Map();
  for (const line of text.trimEnd().split('\n')) {
    if (line.startsWith(HEADER)) continue;
    const fields = line.split(/[;,\t]/);
    const [count, min, max, avg, median = Number.NaN] = fields.slice(-numbers).map(Number);
    const key = keyOf(fields.slice(0, -numbers), STARTS[question]);
    if (answer.has(key)) throw new Error(`two rows for ${key}`);
    answer.set(key, { count, min, max, avg, median });
  }
  return answer;
}

/** The sensor, and the start of the window; get-stats prints its name in between. @param {readonly string[]} fields @param {number} length */
function keyOf([sensor, ...fields], length) {
  const start = fields.length > 1 ? fields[1] : fields[0];
  return length === 0 ? sensor : `${sensor} ${start.slice(0, length)}`;
}

/**
 * Throws an error with the first difference, if there is any.
 *
 * @param {ReadonlyMap<string, Row>} found
 * @param {ReadonlyMap<string, Row>} expected
 */
export function compareRows(found, expected) {
  for (const [key, row] of expected) {
    const other = found.get(key);
    if (other === undefined) throw new Error(`has no row for ${key}`);
    if (!agree(other, row)) throw new Error(`${key}: ${JSON.stringify(other)} is not ${JSON.stringify(row)}`);
  }
  if (found.size !== expected.size) throw new Error(`has ${found.size} rows, not ${expected.size}`);
}

/** @param {Row} one @param {Row} other */
function agree(one, other) {
  return (
    one.count === other.count &&
    one.min === other.min &&
    one.max === other.max &&
    Object.is(one.median, other.median) &&
    Math.abs(one.avg - other.avg) <= TOLERANCE * Math.max(SMALLEST_SIZE, Math.abs(other.avg))
  );
}

/**
 * Throws unless the counts of an answer add up to the number of input lines.
 *
 * @param {ReadonlyMap<string, Row>} answer
 * @param {number} lines
 */
export function checkTotal(answer, lines) {
  let total = 0;
  for (const { count } of answer.values()) total += count;
  checkNumber(String(total), lines);
}

/**
 * Throws unless rows of get-stats, one per sensor, are sorted and count all lines. For more rows than fit in a Map.
 *
 * @param {string} path
 * @param {number} lines
 * @returns {Promise<number>} the number of rows
 */
export async function checkGroups(path, lines) {
  let [rows, total, last] = [0, 0, ''];
  for await (const line of createInterface({ input: createReadStream(path) })) {
    if (line === HEADER) continue;
    const [sensor, , , , count] = line.split(',');
    if (sensor <= last) throw new Error(`${sensor} follows ${last}`);
    last = sensor;
    total += Number(count);
    rows += 1;
  }
  checkNumber(String(total), lines);
  return rows;
}

/**
 * Throws unless a program prints the expected number.
 *
 * @param {string} text
 * @param {number} expected
 */
export function checkNumber(text, expected) {
  const found = Number.parseInt(text, 10);
  if (found !== expected) throw new Error(`says ${found}, not ${expected}`);
}
