/**
 * Reads the file of --env-file: `NAME=value` lines, whose values are secrets.
 *
 * A value is taken literally, without the quotes around it, if any. Empty lines and lines that begin with `#` are ignored.
 */

import type { Stats } from 'node:fs';
import { Failure, status } from '../../failure.ts';
import { readRegularFile } from '../../files/whole-file.ts';

/** Permission bits of group and others. */
const OTHERS = 0o077;
const LARGEST = 1 << 20;
const ASSIGNMENT = /^\s*([A-Za-z_]\w*)=(.*)$/;
const QUOTED = /^(["'])(.*)\1$/;

/** @throws Failure (configuration) if others may access the file, or for an invalid line; (no input) if it is missing */
export function readEnvFile(path: string): Record<string, string> {
  const variables: Record<string, string> = {};
  const bytes = readRegularFile(path, { most: LARGEST, check: (stat) => refuseOthers(path, stat) });
  const lines = bytes.toString().split(/\r?\n/);
  for (const [at, line] of lines.entries()) {
    if (/^\s*(?:#|$)/.test(line)) continue;
    const [, name, value = ''] = ASSIGNMENT.exec(line) ?? [];
    // Do not quote the line: it may be a secret.
    if (name === undefined || line.includes('\0'))
      throw new Failure(status.config, `${path}:${at + 1}: expected NAME=value`);
    variables[name] = QUOTED.exec(value.trimEnd())?.[2] ?? value.trimEnd();
  }
  return variables;
}

/** @throws Failure (configuration) */
function refuseOthers(path: string, { mode }: Stats): void {
  if ((mode & OTHERS) === 0) return;
  const octal = (mode & 0o7777).toString(8).padStart(4, '0');
  throw new Failure(status.config, `${path}: others may read it (mode ${octal}): chmod 600 ${path}`);
}
