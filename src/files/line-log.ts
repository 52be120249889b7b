/** Appends lines to a file that other processes may also append to, rotate or remove. */

import { closeSync, fstatSync, fsyncSync, openSync, statSync, writeSync } from 'node:fs';
import { dirname } from 'node:path';
import { writeFailure } from '../failure.ts';
import { readAt } from './read-at.ts';
import { syncFolder } from './replace.ts';
import { namedDescriptor } from './stream-output.ts';

const NEWLINE = 10;
const NEWLINE_BYTE = Buffer.of(NEWLINE);

/** Opens its file with the first line. A descriptor such as /dev/stderr is written to directly, not reopened. */
export class LineLog {
  readonly #name: string;
  readonly #named: number | undefined;
  #descriptor: number | undefined;
  #isNew = false;

  constructor(name: string) {
    this.#name = name;
    this.#named = namedDescriptor(name);
  }

  /** Appends the bytes and a newline to the file that has the name now. @throws Failure (I/O); the line may be torn */
  add(line: Buffer): void {
    try {
      if (this.#descriptor !== undefined && !leadsTo(this.#name, this.#descriptor)) this.#close();
      if (this.#named === undefined) this.#descriptor ??= this.#open();
      writeAll(this.#named ?? this.#descriptor ?? -1, Buffer.concat([line, NEWLINE_BYTE]));
    } catch (error) {
      throw writeFailure(this.#name, error);
    }
  }

  /** Makes the lines durable. @throws Failure (I/O) */
  close(): void {
    try {
      this.#close();
    } catch (error) {
      throw writeFailure(this.#name, error);
    }
  }

  /** Ends a torn line of an earlier run with a newline, so that the next line is not glued to it. */
  #open(): number {
    const descriptor = openSync(this.#name, 'a');
    const stat = fstatSync(descriptor);
    this.#isNew = stat.isFile() && stat.size === 0;
    if (stat.isFile() && stat.size > 0 && lastByte(this.#name, stat.size) !== NEWLINE)
      writeAll(descriptor, Buffer.from('\n'));
    return descriptor;
  }

  #close(): void {
    const descriptor = this.#descriptor;
    this.#descriptor = undefined;
    if (descriptor === undefined) return;
    try {
      if (fstatSync(descriptor).isFile()) fsyncSync(descriptor);
      if (this.#isNew) syncFolder(dirname(this.#name));
    } finally {
      closeSync(descriptor);
    }
  }
}

function leadsTo(path: string, descriptor: number): boolean {
  const [there, opened] = [statSync(path, { throwIfNoEntry: false }), fstatSync(descriptor)];
  return there?.ino === opened.ino && there.dev === opened.dev;
}

/** Undefined where the file is writable but not readable. */
function lastByte(path: string, size: number): number | undefined {
  let reader: number | undefined;
  try {
    reader = openSync(path, 'r');
    const byte = Buffer.alloc(1);
    return readAt(reader, byte, size - 1) === 1 ? byte[0] : undefined;
  } catch {
    return undefined;
  } finally {
    if (reader !== undefined) closeSync(reader);
  }
}

/** Repeats short writes. */
function writeAll(descriptor: number, bytes: Buffer): void {
  for (let at = 0; at < bytes.length; ) at += writeSync(descriptor, bytes, at);
}
