/**
 * Writes lines of the benchmark's inputs as bytes, to be fast enough for a hundred million of them.
 *
 * @import { PutLine } from './types.d.ts'
 */

import { closeSync, openSync, renameSync, writeSync } from 'node:fs';

const BLOCK = 1 << 22;
const LONGEST_LINE = 200;
/** The time of the first line. */
export const FIRST = Date.UTC(2024, 0, 1);

/** Writes a file with lines. @param {string} path @param {number} count @param {PutLine} put */
export function writeLines(path, count, put) {
  const file = openSync(`${path}.part`, 'w');
  const block = Buffer.alloc(BLOCK);
  let end = 0;
  for (let line = 0; line < count; line++) {
    if (end > BLOCK - LONGEST_LINE) {
      writeSync(file, block, 0, end);
      end = 0;
    }
    end = put(block, end, line);
  }
  writeSync(file, block, 0, end);
  closeSync(file);
  renameSync(`${path}.part`, path);
}

/** Writes tenths as a decimal. @param {Buffer} block @param {number} at @param {number} tenths */
export function putTenths(block, at, tenths) {
  if (tenths < 0) block[at++] = 45;
  return putDecimal(block, at, Math.abs(tenths), 10);
}

/**
 * Writes units of 1/one (10 or 100) as a decimal. @returns the end offset
 *
 * @param {Buffer} block
 * @param {number} at
 * @param {number} units
 * @param {10 | 100} one
 */
export function putDecimal(block, at, units, one) {
  const whole = Math.floor(units / one);
  if (whole >= 1000) block[at++] = 48 + Math.floor(whole / 1000);
  if (whole >= 100) block[at++] = 48 + (Math.floor(whole / 100) % 10);
  if (whole >= 10) block[at++] = 48 + (Math.floor(whole / 10) % 10);
  block[at++] = 48 + (whole % 10);
  block[at++] = 46;
  if (one === 100) block[at++] = 48 + (Math.floor(units / 10) % 10);
  block[at++] = 48 + (units % 10);
  return at;
}

/** @param {number} time */
export const isoTime = (time) => `${new Date(time).toISOString().slice(0, 19)}Z`;

/**
 * Calls `put` with the time as text; formats it only when the time has changed.
 *
 * @param {number} everyMs
 * @param {number} sensors
 * @param {(block: Buffer, start: number, line: number, time: Buffer) => number} put
 * @returns {PutLine}
 */
export function clock(everyMs, sensors, put) {
  let known = -1;
  let text = Buffer.alloc(0);
  return (block, start, line) => {
    const step = Math.floor(line / sensors);
    if (step !== known) {
      known = step;
      text = Buffer.from(isoTime(FIRST + step * everyMs));
    }
    return put(block, start, line, text);
  };
}

/**
 * Writes lines from text; for small inputs.
 *
 * @param {string} path
 * @param {number} lines
 * @param {(line: number) => string} text
 */
export function writeTexts(path, lines, text) {
  writeLines(path, lines, (block, start, line) => start + block.write(`${text(line)}\n`, start));
}
