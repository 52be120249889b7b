/** Reads whole files: settings, crontabs, keys. Each has a size limit, since a device may never end. */

import { closeSync, promises as fs, fstatSync, openSync, type Stats, statSync } from 'node:fs';
import { Failure, readFailure, status } from '../failure.ts';
import { isInterrupted, readAll, unlessInterrupted } from './read-at.ts';

const MIB = 1 << 20;
const CHUNK = 1 << 16;

interface WholeFile {
  /** Size limit in bytes, a multiple of MiB. */
  readonly most: number;
  /** Runs before the file is read. @throws Failure */
  check?(stat: Stats): void;
}

/**
 * Reads a file named by another file or the ledger. Pipes are refused: reading one would block until somebody writes.
 *
 * @throws Failure (no input) when it is missing or not a regular file, (configuration) when it is too large
 */
export function readRegularFile(path: string, { most, check }: WholeFile): Buffer {
  let descriptor: number | undefined;
  try {
    const found = statSync(path);
    if (!found.isFile() && !found.isDirectory())
      throw new Failure(status.noInput, `${path}: not a regular file`);
    descriptor = unlessInterrupted(() => openSync(path, 'r'));
    const stat = fstatSync(descriptor);
    check?.(stat);
    if (stat.size > most) throw tooLarge(path, most);
    return readAll(descriptor);
  } catch (error) {
    throw readFailure(path, error);
  } finally {
    if (descriptor !== undefined) closeSync(descriptor);
  }
}

/**
 * Reads a file named on the command line, which may be a pipe: `<(pass show key)`.
 *
 * @throws Failure (no input) when it is missing, (configuration) when it is too large
 */
export async function readWholeFile(path: string, { most, check }: WholeFile): Promise<Buffer> {
  let file: fs.FileHandle | undefined;
  try {
    file = await fs.open(path);
    check?.(await file.stat());
    const chunks: Buffer[] = [];
    for (let left = most + 1; left > 0; ) {
      const chunk = await nextChunk(file);
      if (chunk.length === 0) return Buffer.concat(chunks);
      chunks.push(chunk);
      left -= chunk.length;
    }
    throw tooLarge(path, most);
  } catch (error) {
    throw readFailure(path, error);
  } finally {
    await file?.close();
  }
}

/** Empty at the end. */
async function nextChunk(file: fs.FileHandle): Promise<Buffer> {
  try {
    const { bytesRead, buffer } = await file.read(Buffer.allocUnsafe(CHUNK), 0, CHUNK);
    return buffer.subarray(0, bytesRead);
  } catch (error) {
    if (isInterrupted(error)) return nextChunk(file);
    throw error;
  }
}

function tooLarge(path: string, most: number): Failure {
  return new Failure(status.config, `${path}: larger than ${most / MIB} MiB`);
}
