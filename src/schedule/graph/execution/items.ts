/** Finds the items of a split task. */

import { isUtf8 } from 'node:buffer';
import { resolve } from 'node:path';
import { endText } from '../../../commands/command.ts';
import type { Stop } from '../../../commands/ladder.ts';
import { runCommand } from '../../../commands/run-command.ts';
import { Failure, status } from '../../../failure.ts';
import { readRegularFile } from '../../../files/whole-file.ts';
import { quote } from '../../../lines/line.ts';
import { decodeText, textProblem } from '../../../lines/text.ts';
import type { Each, Task } from '../graph.ts';

/** Maximum bytes of a file of items. */
const LARGEST = 64 << 20;
/** Beyond this, a loop within one task is the better tool. */
const MAX_ITEMS = 100_000;
/** Bash's own globbing, in byte order. The pattern is data: it is expanded, but neither executed nor split into words. */
const GLOB = `shopt -s nullglob globstar; IFS=; for path in $1; do
  if [[ -e $path || -L $path ]]; then printf '%s\\0' "$path"; fi
done`;

interface Search {
  /** The value of $ETL_RUN_DIR. */
  readonly runDirectory: string;
  readonly stop: Stop;
}

/**
 * @returns undefined if it was stopped first
 * @throws Failure (no input) for a file that cannot be read; (configuration) for one that is too large; (data) for one that is
 * not UTF-8, for too many items, and for an item that cannot be the value of a variable
 */
export async function readItems(
  { each, cwd }: Pick<Task, 'each' | 'cwd'>,
  search: Search,
): Promise<readonly string[] | undefined> {
  const items = each === undefined ? [] : await itemsOf(each, cwd, search);
  if (items === undefined) return undefined;
  if (items.length > MAX_ITEMS) throw tooMany();
  for (const item of items) {
    const problem = textProblem(item);
    if (problem !== undefined) throw new Failure(status.data, `the item ${quote(item)} ${problem}`);
  }
  return items;
}

async function itemsOf(
  each: Each,
  cwd: string,
  { runDirectory, stop }: Search,
): Promise<readonly string[] | undefined> {
  if (each.kind === 'list') return each.items;
  const known = (text: string, folder: string) =>
    text.replace(/\$(?:ETL_RUN_DIR\b|\{ETL_RUN_DIR\})/g, () => folder);
  if (each.kind === 'glob') return matching(known(each.pattern, asPattern(runDirectory)), cwd, stop);
  return linesOf(resolve(cwd, known(each.file, runDirectory)));
}

/** Escapes a path as a pattern that matches nothing else. */
function asPattern(path: string): string {
  return path.replace(/[*?[\\]/g, (sign) => (sign === '\\' ? '[\\\\]' : `[${sign}]`));
}

function linesOf(path: string): readonly string[] {
  const bytes = readRegularFile(path, { most: LARGEST });
  if (!isUtf8(bytes)) throw new Failure(status.data, `${path}: not UTF-8`);
  return bytes
    .toString()
    .replace(/^\uFEFF/, '')
    .split(/\r?\n/)
    .filter((line) => line.trim() !== '');
}

/** @returns undefined if it was stopped */
async function matching(pattern: string, cwd: string, stop: Stop): Promise<readonly string[] | undefined> {
  const chunks: Buffer[] = [];
  let count = 0;
  const end = await runCommand(['bash', '-c', GLOB, 'bash', pattern], {
    ...{ env: { ...process.env, LC_ALL: 'C' }, cwd, stdin: 'ignore', stop },
    stdout: async (chunk) => {
      chunks.push(Buffer.from(chunk));
      for (let at = chunk.indexOf(0); at >= 0; at = chunk.indexOf(0, at + 1)) count++;
      if (count > MAX_ITEMS) throw tooMany();
    },
    stderr: () => {},
  });
  if (end.wasStopped) return undefined;
  if (end.status !== 0)
    throw new Failure(status.noInput, `${pattern}: ${[endText(end), end.stderr.trim()].join(': ')}`);
  return decodeText(Buffer.concat(chunks)).split('\0').slice(0, -1);
}

function tooMany(): Failure {
  return new Failure(status.data, `more than ${MAX_ITEMS} items`);
}
