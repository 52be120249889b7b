/** A file for as long as something needs its name. */

import { mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { pathToFileURL } from 'node:url';
import { writeFailure } from '../../failure.ts';

/** Writes a file, hands its URL to `use`, and removes it: who has opened it by then keeps it. @throws Failure (I/O) */
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
