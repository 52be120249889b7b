/**
 * Compares the answers of the peers, so that none is fast by being wrong.
 *
 * An answer is a map from a key (sensor, or sensor and hour) to count, minimum, maximum and average. The first three must
 * be the same numbers; averages may differ by one part in 10^9, since some peers add in binary floating point.
 *
 * @import { Row } from './types.d.ts'
 */

const TOLERANCE = 1e-9;
const SMALLEST_SIZE = 1e-3;

/**
 * The answer in lines of keys, count, minimum, maximum and average, or in rows of get-stats.
 *
 * @param {string} text
 */
export function parseRows(text) {
  /** @type {Map<string, Row>} */
  const answer = new Map();
  for (const line of text.trimEnd().split('\n')) {
    if (line === 'sensor,window,start,end,count,min,max,avg') continue;
    const fields = line.split(/[;,]/);
    const [count, min, max, avg] = fields.slice(-4).map(Number);
    const key = keyOf(fields.slice(0, -4));
    if (answer.has(key)) throw new Error(`two rows for ${key}`);
    answer.set(key, { count, min, max, avg });
  }
  return answer;
}

/** @param {readonly string[]} fields */
function keyOf(fields) {
  const [sensor, window, start] = fields;
  if (fields.length < 4 || window === 'all') return fields.length < 4 ? fields.join(' ') : sensor;
  return `${sensor} ${start.slice(0, 'yyyy-mm-ddThh'.length)}`;
}

/**
 * Throws an error that shows the first difference, if there is one.
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
    Math.abs(one.avg - other.avg) <= TOLERANCE * Math.max(SMALLEST_SIZE, Math.abs(other.avg))
  );
}

/**
 * Throws unless the counts of an answer add up to the lines of the input.
 *
 * @param {ReadonlyMap<string, Row>} answer
 * @param {number} lines
 */
export function checkTotal(answer, lines) {
  const total = [...answer.values()].reduce((sum, { count }) => sum + count, 0);
  if (total !== lines) throw new Error(`counts ${total} readings, not ${lines}`);
}

/**
 * Throws unless the number that a program prints is the expected one.
 *
 * @param {string} text
 * @param {number} expected
 */
export function checkNumber(text, expected) {
  const found = Number.parseInt(text, 10);
  if (found !== expected) throw new Error(`says ${found}, not ${expected}`);
}
