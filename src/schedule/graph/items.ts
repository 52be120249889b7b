/** What a task that is split is done for. */

import { isUtf8 } from 'node:buffer';
import { resolve } from 'node:path';
import { endText } from '../../commands/command.ts';
import { runCommand } from '../../commands/run-command.ts';
import { Failure, status } from '../../failure.ts';
import { readRegularFile } from '../../files/whole-file.ts';
import type { Each, Task } from './graph.ts';

/** Of a file of items. */
const LARGEST = 64 << 20;
/** More than that are a loop within one task. */
const MOST_ITEMS = 100_000;
/** Bash's own way of finding names, in the order of their bytes: the pattern is no command, and is split nowhere. */
const GLOB = `shopt -s nullglob globstar; IFS=; for path in $1; do
  if [[ -e $path || -L $path ]]; then printf '%s\\0' "$path"; fi
done`;

/** @param runDirectory what $ETL_RUN_DIR stands for @throws Failure (no input) for a file that cannot be read; (configuration) for one that is too large; (data) for one that is no list */
export async function readItems({ each, cwd }: Task, runDirectory: string): Promise<readonly string[]> {
  const items = each === undefined ? [] : await itemsOf(each, cwd, runDirectory);
  if (items.length > MOST_ITEMS)
    throw new Failure(status.data, `${items.length} items: more than ${MOST_ITEMS} are too many`);
  return items;
}

async function itemsOf(each: Each, cwd: string, runDirectory: string): Promise<readonly string[]> {
  if (each.kind === 'list') return each.items;
  const known = (text: string) => text.replace(/\$(?:ETL_RUN_DIR\b|\{ETL_RUN_DIR\})/g, () => runDirectory);
  if (each.kind === 'glob') return matching(known(each.pattern), cwd);
  return linesOf(resolve(cwd, known(each.file)));
}

function linesOf(path: string): readonly string[] {
  const bytes = readRegularFile(path, { most: LARGEST });
  if (!isUtf8(bytes)) throw new Failure(status.data, `${path}: not UTF-8`);
  return bytes
    .toString()
    .replace(/^\uFEFF/, '')
    .split(/\r?\n/)
    .filter((line) => line !== '');
}

async function matching(pattern: string, cwd: string): Promise<readonly string[]> {
  const chunks: Buffer[] = [];
  const never = new AbortController().signal;
  const end = await runCommand(['bash', '-c', GLOB, 'bash', pattern], {
    ...{ env: { ...process.env, LC_ALL: 'C' }, cwd, stdin: 'ignore' },
    stdout: async (chunk) => void chunks.push(Buffer.from(chunk)),
    stderr: () => {},
    stop: { signal: never, insist: never, graceMs: 0 },
  });
  if (end.status !== 0)
    throw new Failure(status.noInput, `${pattern}: ${[endText(end), end.stderr.trim()].join(': ')}`);
  return Buffer.concat(chunks).toString().split('\0').slice(0, -1);
}
