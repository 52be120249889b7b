/** A crontab from a file, or from stdin. */

import { isUtf8 } from 'node:buffer';
import { readFileSync, statSync } from 'node:fs';
import { Failure, readFailure, status } from '../failure.ts';
import { type Crontab, readCrontab } from './crontab/read-crontab.ts';
import type { Policies } from './policies.ts';

/** A crontab, and where it came from. */
export interface LoadedCrontab extends Crontab {
  readonly text: string;
  /** Its name in messages. */
  readonly file: string;
}

interface Source {
  readonly stdin: AsyncIterable<Buffer>;
}

/** @param file `-` is stdin @throws Failure: no input for a missing file, configuration for one that is no text */
export async function loadCrontab(
  file: string,
  { stdin }: Source,
  defaults: Partial<Policies>,
): Promise<LoadedCrontab> {
  const name = file === '-' ? 'stdin' : file;
  const bytes = file === '-' ? await allOf(stdin) : readFile(file);
  if (!isUtf8(bytes)) throw new Failure(status.config, `${name}: not a crontab: it is not UTF-8`);
  const text = bytes.toString();
  return { ...readCrontab(text, name, defaults), text, file: name };
}

/** What is wrong with it, as messages with its place; empty when nothing is. */
export function problemsOf({ file, problems }: LoadedCrontab): string[] {
  return problems.map(({ line, column, message }) => `${file}:${line}:${column}: ${message}`);
}

/** Different after each change of the file. @throws the system's error */
export function crontabVersion(path: string): string {
  const { ino, mtimeNs, size } = statSync(path, { bigint: true });
  return `${ino} ${mtimeNs} ${size}`;
}

/** Reads a crontab, and reads it again: stdin only once. */
export function crontabLoader(
  file: string,
  source: Source,
  defaults: Partial<Policies>,
): () => Promise<LoadedCrontab> {
  let isRead = false;
  return async () => {
    if (isRead && file === '-') throw new Failure(status.usage, 'stdin: cannot be read again');
    isRead = true;
    return loadCrontab(file, source, defaults);
  };
}

async function allOf(chunks: AsyncIterable<Buffer>): Promise<Buffer> {
  const all: Buffer[] = [];
  for await (const chunk of chunks) all.push(chunk);
  return Buffer.concat(all);
}

function readFile(path: string): Buffer {
  try {
    return readFileSync(path);
  } catch (error) {
    throw readFailure(path, error);
  }
}
