/** Reads the end of a file of lines. Memory: one block, and the lines asked for. */

import { fstatSync } from 'node:fs';
import { readAt } from './read-at.ts';

const NEWLINE = 10;
const BLOCK = 1 << 16;

/** Offset after the last newline before offset `end`; 0 without one. @throws the system's error */
export function endOfLastLine(descriptor: number, end: number): number {
  const block = Buffer.alloc(Math.min(BLOCK, end));
  for (let at = end; at > 0; ) {
    const length = Math.min(BLOCK, at);
    at -= length;
    const newline = block.subarray(0, readAt(descriptor, block.subarray(0, length), at)).lastIndexOf(NEWLINE);
    if (newline >= 0) return at + newline + 1;
  }
  return 0;
}

/** Number of newlines before offset `end`. @throws the system's error */
export function countLines(descriptor: number, end: number): number {
  const block = Buffer.alloc(Math.min(BLOCK, end));
  let lines = 0;
  for (let at = 0; at < end; ) {
    const length = readAt(descriptor, block.subarray(0, Math.min(BLOCK, end - at)), at);
    if (length === 0) break;
    lines += newlinesIn(block.subarray(0, length));
    at += length;
  }
  return lines;
}

/** The last lines of a file, `count` of them or more, or all, and half a line behind them. @throws the system's error */
export function readLastLines(descriptor: number, count: number): Buffer {
  const blocks: Buffer[] = [];
  let newlines = 0;
  let at = fstatSync(descriptor).size;
  // One newline more than lines: the one that ends the line before them. And one line more, to tell that there are.
  while (at > 0 && newlines <= count + 1) {
    const block = Buffer.alloc(Math.min(BLOCK, at));
    at -= block.length;
    const bytes = block.subarray(0, readAt(descriptor, block, at));
    blocks.push(bytes);
    newlines += newlinesIn(bytes);
  }
  const last = Buffer.concat(blocks.reverse());
  // A block begins anywhere in a line, and the rest of that line is not a line.
  return at === 0 ? last : last.subarray(last.indexOf(NEWLINE) + 1);
}

export function newlinesIn(bytes: Buffer): number {
  let count = 0;
  for (let at = bytes.indexOf(NEWLINE); at >= 0; at = bytes.indexOf(NEWLINE, at + 1)) count += 1;
  return count;
}
