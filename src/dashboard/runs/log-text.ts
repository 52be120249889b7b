/** The text of a log, in pieces that never split a character. */

import { closeSync, fstatSync } from 'node:fs';
import { readAt } from '../../files/read-at.ts';
import { type LogPiece, openLog } from '../../ledger/follow-log.ts';

/** A part of a log. */
interface LogPart {
  readonly bytes: Buffer;
  /** Where it begins, in bytes. */
  readonly offset: number;
  /** Of the whole log, in bytes. */
  readonly size: number;
}

interface Part {
  /** The folder of logs, which it must be in. */
  readonly folder: string;
  /** In bytes; negative from the end. */
  readonly offset: number;
  /** In bytes. */
  readonly limit: number;
  /** Whether the log is no longer written to. */
  readonly isComplete: boolean;
}

/** Reads a part, shorter by a few bytes where it would split a character. @throws Failure (no input, I/O); the system's error */
export function readLogPart(path: string, { folder, offset, limit, isComplete }: Part): LogPart {
  const descriptor = openLog(path, folder);
  try {
    const { size } = fstatSync(descriptor);
    const from = offset < 0 ? Math.max(0, size + offset) : Math.min(offset, size);
    const space = Buffer.alloc(Math.min(limit, size - from));
    const bytes = space.subarray(0, readAt(descriptor, space, from));
    const start = offset < 0 && from > 0 ? restOfCharacter(bytes) : 0;
    const isEnd = isComplete && from + bytes.length === size;
    const torn = isEnd ? 0 : tornBytes(bytes);
    const end = torn < bytes.length ? bytes.length - torn : bytes.length;
    return { bytes: bytes.subarray(start, end), offset: from + start, size };
  } finally {
    closeSync(descriptor);
  }
}

/** Text of a log, and where it begins and ends, in bytes. */
interface LogText {
  readonly text: string;
  readonly offset: number;
  readonly next: number;
}

/** Decodes pieces as UTF-8, with U+FFFD for invalid bytes. A split character comes with its rest, or at the end. */
export async function* textOf(pieces: AsyncIterable<LogPiece>): AsyncGenerator<LogText> {
  let torn = Buffer.alloc(0);
  let end = 0;
  const rest = (): LogText[] =>
    torn.length === 0 ? [] : [{ text: torn.toString(), offset: end - torn.length, next: end }];
  for await (const { bytes, offset, next } of pieces) {
    // A note about the log has none of its bytes.
    const isSaid = next === offset;
    if (isSaid) yield* rest();
    const all = isSaid ? bytes : Buffer.concat([torn, bytes]);
    const begin = isSaid ? offset : offset - torn.length;
    torn = Buffer.from(all.subarray(all.length - tornBytes(all)));
    end = next;
    const whole = all.subarray(0, all.length - torn.length);
    if (whole.length > 0) yield { text: whole.toString(), offset: begin, next: next - torn.length };
  }
  yield* rest();
}

/** Number of bytes at the end that begin an incomplete character. */
function tornBytes(bytes: Buffer): number {
  for (let count = 1; count <= Math.min(3, bytes.length); count += 1) {
    const byte = bytes[bytes.length - count] ?? 0;
    if (!isContinuation(byte)) return lengthOf(byte) > count ? count : 0;
  }
  return 0;
}

/** Number of bytes at the beginning that are the rest of a character. */
function restOfCharacter(bytes: Buffer): number {
  const first = bytes.subarray(0, 4).findIndex((byte) => !isContinuation(byte));
  return Math.max(0, first);
}

/** Whether it is a continuation byte of UTF-8. */
function isContinuation(byte: number): boolean {
  return byte >= 0x80 && byte < 0xc0;
}

/** Length of a character that begins with this byte. */
function lengthOf(first: number): number {
  return first >= 0xf0 ? 4 : first >= 0xe0 ? 3 : first >= 0xc0 ? 2 : 1;
}
