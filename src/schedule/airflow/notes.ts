/** The docstring of a DAG's file, which Airflow also displays: its source, and how Airflow behaves differently. */

import type { Graph } from '../graph/graph.ts';
import { escaped } from './python-text.ts';

const LEAVES =
  'The state of a run is that of its final tasks, which no other task needs; with run-tasks a run fails if any task fails.';
const CLOCKS =
  "On days when clocks change, Airflow's rules hold, not cron's: for a time that is skipped or comes twice, a run may start at another moment, twice, or not at all.";
const OVERLAP =
  'A run that is due while the previous one is still running waits, and of several only the last one is kept; run-tasks also has overlap: skip.';
const STOP = 'A command that takes too long gets SIGTERM, and is not killed if it ignores that.';
const RUN_FOLDER = 'The folders of runs, $ETL_RUN_DIR, are never removed.';
const WIDTH = 88;

/** @param file the name of the graph's file, for display */
export function notesOf(graph: Graph, file: string, secrets: readonly string[]): string {
  const notes = [
    LEAVES,
    ...(graph.when?.kind !== 'minutes' ? [] : [CLOCKS, OVERLAP]),
    STOP,
    RUN_FOLDER,
    ...(secrets.length === 0 ? [] : [secretNote(secrets)]),
    ...(graph.pools.size === 0 ? [] : [poolNote(graph.pools)]),
  ];
  const head = `${graph.name}: made from ${file} by run-tasks, for Airflow 2.11 and 3.`;
  return `"""${escaped(head)}

What Airflow does differently:

${notes.map(item).join('\n')}
"""`;
}

/** A list item, wrapped into lines. */
function item(note: string): string {
  const lines: string[] = [];
  let line = '-';
  for (const word of escaped(note).split(' ')) {
    if (line.length + word.length < WIDTH) line += ` ${word}`;
    else {
      lines.push(line);
      line = `  ${word}`;
    }
  }
  return [...lines, line].join('\n');
}

function secretNote(secrets: readonly string[]): string {
  return `Secrets are not in this file: ${secrets.join(', ')}. Set them in the environment of Airflow's workers. (A Variable of Airflow works, too: put "NAME": "{{ var.value.NAME }}" into ENV; the page of rendered templates may show it.)`;
}

function poolNote(pools: ReadonlyMap<string, number>): string {
  const commands = [...pools].map(([name, size]) => `\`airflow pools set ${name} ${size} etlutils\``);
  return `Its pools must exist: ${commands.join(', ')}.`;
}
