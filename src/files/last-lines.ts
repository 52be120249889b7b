/** Reads a file of lines from its end. Memory: one block, plus the lines requested. */

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

/** At least the last `count` lines of a file, or all of it, with a torn line at the end. @throws the system's error */
export function readLastLines(descriptor: number, count: number): Buffer {
  const blocks: Buffer[] = [];
  let newlines = 0;
  let at = fstatSync(descriptor).size;
  // One more newline ends the line before them; one more line shows the caller that there are more.
  while (at > 0 && newlines <= count + 1) {
    const block = Buffer.alloc(Math.min(BLOCK, at));
    at -= block.length;
    const bytes = block.subarray(0, readAt(descriptor, block, at));
    blocks.push(bytes);
    newlines += newlinesIn(bytes);
  }
  const last = Buffer.concat(blocks.reverse());
  // A block may begin in the middle of a line: drop that fragment.
  return at === 0 ? last : last.subarray(last.indexOf(NEWLINE) + 1);
}

export function newlinesIn(bytes: Buffer): number {
  let count = 0;
  for (let at = bytes.indexOf(NEWLINE); at >= 0; at = bytes.indexOf(NEWLINE, at + 1)) count += 1;
  return count;
}
