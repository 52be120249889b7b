/** Finds the lines of a task in its file. */

import { taskOf } from '../look.ts';
import type { GraphJson } from '../runs-json.ts';

/** The first and the last line, from 1, both inclusive. */
export type LineSpan = readonly [first: number, last: number];

/** From the line of a task to the next task, without trailing blank lines and comments. */
export function taskLines({ tasks, text }: GraphJson, task: string | undefined): LineSpan | undefined {
  const name = task === undefined ? undefined : taskOf(task);
  const first = tasks.find((each) => each.name === name)?.line;
  if (first === undefined) return undefined;
  const lines = text.split('\n');
  const indent = indentOf(lines[first - 1] ?? '');
  const end = lines.findIndex((line, at) => at >= first && !isBlank(line) && indentOf(line) <= indent);
  let last = end < 0 ? lines.length : end;
  while (last > first && isBlank(lines[last - 1] ?? '')) last -= 1;
  return [first, last];
}

function indentOf(line: string): number {
  return line.length - line.trimStart().length;
}

function isBlank(line: string): boolean {
  return /^\s*(?:#.*)?$/.test(line);
}
