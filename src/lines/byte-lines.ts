/**
 * The whole lines of stdin as bytes, in batches of what arrives close together: for tools that keep lines as they are.
 *
 * A BOM and carriage returns are taken off. A last line without newline is rejected, and so is one beyond 1 MiB.
 * Memory: one batch and one line.
 */

import { gather } from '../async/gather.ts';
import { STDIN } from '../cli/input.ts';
import type { Io } from '../cli/tool.ts';
import { splitBytes } from '../readings/tail.ts';
import type { Line } from './line.ts';
import { LONGEST_LINE } from './text-lines.ts';

const NEWLINE = 10;
const BOM = Buffer.from('\ufeff');
/** A batch is complete when input paused, or when this much came. */
const BATCH = { idleMs: 10, maxMs: 500, fullLength: 1 << 20 };
const SHOWN = 1024;

export interface WholeLines {
  /** Each with its newline. */
  readonly lines: Buffer[];
  /** The number of the first one, from 1. */
  readonly first: number;
}

export async function* wholeLines(io: Io): AsyncGenerator<WholeLines> {
  let half: Buffer = Buffer.alloc(0);
  let seen = 0;
  for await (const chunks of gather(io.stdin, BATCH)) {
    const all = Buffer.concat([half, ...chunks]);
    const end = all.lastIndexOf(NEWLINE) + 1;
    // Of a line that is too long the beginning is enough to know that.
    half = all.subarray(end, end + LONGEST_LINE + 1);
    if (end === 0) continue;
    const lines = splitBytes(plain(all.subarray(0, end), seen === 0));
    yield { lines: lines.filter((line, at) => !isTooLong(line, seen + at + 1, io)), first: seen + 1 };
    seen += lines.length;
  }
  if (half.length === 0 || isTooLong(half, seen + 1, io)) return;
  io.reject(lineAt(half, seen + 1, true), {
    kind: 'torn',
    detail: 'last line has no newline: half a line is not kept',
  });
}

/** As a line for messages. */
export function lineAt(bytes: Buffer, number: number, torn = false): Line {
  return { text: bytes.toString().trimEnd(), source: STDIN, number, torn };
}

function isTooLong(line: Buffer, number: number, io: Io): boolean {
  if (line.length <= LONGEST_LINE) return false;
  const detail = `line is longer than ${LONGEST_LINE} bytes`;
  io.reject(lineAt(line.subarray(0, SHOWN), number, true), { kind: 'too long', detail });
  return true;
}

/** Without carriage returns before newlines and, at the beginning of input, without a BOM. */
function plain(lines: Buffer, first: boolean): Buffer {
  const text = first && lines.indexOf(BOM) === 0 ? lines.subarray(BOM.length) : lines;
  if (!text.includes('\r\n')) return text;
  // latin1 keeps every byte, whatever the encoding of the lines.
  return Buffer.from(text.toString('latin1').replaceAll('\r\n', '\n'), 'latin1');
}
