/** Finds programs as a shell does. */

import { accessSync, closeSync, constants, openSync, readSync, type Stats, statSync } from 'node:fs';
import { resolve } from 'node:path';
import { errorCode } from '../../failure.ts';

export type Finding = 'executable' | 'file' | 'folder' | 'missing' | 'unknown';

/** What is at a path. Unknown is what we may not look at. */
export function lookAt(path: string): Finding {
  let stats: Stats;
  try {
    stats = statSync(path);
  } catch (error) {
    return /^(?:ENOENT|ENOTDIR)$/.test(errorCode(error) ?? '') ? 'missing' : 'unknown';
  }
  if (stats.isDirectory()) return 'folder';
  try {
    accessSync(path, constants.X_OK);
    return 'executable';
  } catch {
    return 'file';
  }
}

export interface Found {
  readonly finding: Finding;
  /** The first one that can be executed, else the first one. */
  readonly path: string;
}

/** Finds a name in a PATH. @param cwd the folder of what is relative in it; undefined if nobody knows */
export function findIn(path: string, name: string, cwd: string | undefined): Found {
  let found: Found = { finding: 'missing', path: name };
  for (const folder of path.split(':')) {
    if (!folder.startsWith('/') && cwd === undefined) return { finding: 'unknown', path: name };
    const candidate = resolve(cwd ?? '/', folder, name);
    const finding = lookAt(candidate);
    if (finding === 'executable' || finding === 'unknown') return { finding, path: candidate };
    if (finding === 'file' && found.finding === 'missing') found = { finding, path: candidate };
  }
  return found;
}

/** What a script asks to be run by: the program behind `#!`, and for `env` the name that it looks for. */
export interface Shebang {
  readonly line: string;
  readonly program: string;
  readonly name: string | undefined;
}

const LONGEST_SHEBANG = 256;

/** @returns undefined for a file that starts with no `#!`, or that cannot be read */
export function shebangOf(path: string): Shebang | undefined {
  const [line = ''] = firstBytes(path).split('\n');
  const [, program, rest = ''] = /^#!\s*(\S+)(.*)$/s.exec(line) ?? [];
  if (program === undefined) return undefined;
  const name = /\/env$/.test(program) ? /^\s+(?:-S\s*)?([\w.+-]+)/.exec(rest)?.[1] : undefined;
  return { line, program, name: name?.startsWith('-') ? undefined : name };
}

function firstBytes(path: string): string {
  try {
    const descriptor = openSync(path, constants.O_RDONLY | constants.O_NONBLOCK);
    try {
      const bytes = Buffer.alloc(LONGEST_SHEBANG);
      return bytes.toString('latin1', 0, readSync(descriptor, bytes));
    } finally {
      closeSync(descriptor);
    }
  } catch {
    // Who may execute a file may not always read it.
    return '';
  }
}
