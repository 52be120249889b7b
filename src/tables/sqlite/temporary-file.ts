/** A file that exists while its name is needed. */

import { mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { pathToFileURL } from 'node:url';
import { writeFailure } from '../../failure.ts';

/** Writes a file, calls `use` with its URL, and removes it; a process that has opened it can read on. @throws Failure (I/O) */
export function temporaryFile(bytes: Buffer, use: (url: string) => void): void {
  const folder = makeFolder();
  const path = join(folder, 'rows');
  try {
    writeTo(path, bytes);
    use(pathToFileURL(path).href);
  } finally {
    rmSync(folder, { recursive: true, force: true });
  }
}

function makeFolder(): string {
  try {
    return mkdtempSync(join(tmpdir(), 'load-rows-'));
  } catch (error) {
    throw writeFailure(tmpdir(), error);
  }
}

function writeTo(path: string, bytes: Buffer): void {
  try {
    writeFileSync(path, bytes);
  } catch (error) {
    throw writeFailure(path, error);
  }
}
