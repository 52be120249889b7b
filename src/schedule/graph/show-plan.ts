/** Shows what a graph would run, in topological order: `run-tasks --dry-run`. */

import { printable } from '../../plot/display-text.ts';
import { wavesOf } from '../../stats/waves.ts';
import type { Graph, Task } from './graph.ts';

const MAX_NAMES = 8;

/** Text in whole lines, one per task: NDJSON with `json`, otherwise a table for people. */
export function* showPlan(graph: Graph, json: boolean): Generator<string> {
  const waves = wavesOf(graph.tasks);
  if (!json)
    yield `${graph.name}: ${counted(graph.tasks.size, 'task')} in ${counted(waves.length, 'wave')}\n`;
  const width = [...graph.tasks.keys()].reduce((most, name) => Math.max(most, name.length), 0);
  const numberWidth = String(waves.length).length;
  for (const [index, wave] of waves.entries()) {
    for (const task of wave) {
      const number = String(index + 1).padStart(numberWidth);
      const facts = printable(factsOf(task).join(', '));
      yield json
        ? `${JSON.stringify(recordOf(task, index + 1))}\n`
        : `${`${number}  ${task.name.padEnd(width)}  ${facts}`.trimEnd()}\n`;
    }
  }
}

function counted(count: number, word: string): string {
  return `${count} ${word}${count === 1 ? '' : 's'}`;
}

/** What differs from the defaults. */
function factsOf({ needs, triggerRule, each, everyMs, pool }: Task): string[] {
  const facts = needs.length === 0 ? [] : [`needs ${few(needs)}`];
  if (triggerRule !== 'all_success') facts.push(triggerRule);
  if (everyMs !== undefined) facts.push('waits');
  if (each?.kind === 'list') facts.push(counted(each.items.length, 'item'));
  if (each?.kind === 'glob') facts.push(`each ${each.pattern}`);
  if (each?.kind === 'lines') facts.push(`each line of ${each.file}`);
  if (pool !== undefined) facts.push(`pool ${pool}`);
  return facts;
}

/** Shortens a long list of names. */
function few(names: readonly string[]): string {
  if (names.length <= MAX_NAMES) return names.join(' ');
  return `${names.slice(0, MAX_NAMES - 1).join(' ')} and ${names.length - MAX_NAMES + 1} others`;
}

function recordOf(task: Task, wave: number) {
  const { name, needs, triggerRule, command, everyMs, each, pool, cwd, place } = task;
  return {
    ...{ wave, task: name, needs, triggerRule, command, waits: everyMs !== undefined },
    ...{ each: each ?? null, pool: pool ?? null, cwd, line: place.line },
  };
}
