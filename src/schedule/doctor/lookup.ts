/** Finds programs like a shell. */

import { accessSync, closeSync, constants, openSync, readSync, type Stats, statSync } from 'node:fs';
import { resolve } from 'node:path';
import { errorCode } from '../../failure.ts';

export type Finding = 'executable' | 'file' | 'folder' | 'missing' | 'unknown';

/** What is at a path; `unknown` if we lack the permission to look. */
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
  /** The first executable, otherwise the first file. */
  readonly path: string;
}

/** Finds a name in a PATH. @param cwd base of relative entries; undefined if unknown */
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

/** The interpreter of a script: the program after `#!`, and for `env`, the name that it looks up. */
export interface Shebang {
  readonly line: string;
  readonly program: string;
  readonly name: string | undefined;
}

const LONGEST_SHEBANG = 256;

/** @returns undefined for a file without `#!`, or an unreadable one */
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
    // A file may be executable without being readable.
    return '';
  }
}
