/** The docstring of a DAG's file, which Airflow shows as well: what it was made of, and what is otherwise than here. */

import type { Graph } from '../graph/graph.ts';
import { escaped } from './python-text.ts';

const LEAVES = `A run is as its last tasks are: those that no other needs. For run-tasks it has failed when any of its
  tasks has.`;
const CLOCKS = `On days when clocks change Airflow goes by rules of its own, not by those of cron: a time that is left out,
  or comes twice, may be run at another moment, twice, or not at all.`;
const OVERLAP = `A run that is due while the one before it runs waits, the last of several only.`;
const RUN_FOLDER = `Nothing removes the folders of runs, $ETL_RUN_DIR.`;
const STOP = `A command that takes too long gets SIGTERM, and no SIGKILL after it.`;

/** @param file the name of the graph's file, as it is shown */
export function notesOf(graph: Graph, file: string, secrets: readonly string[]): string {
  const notes = [
    LEAVES,
    ...(graph.when?.kind !== 'minutes' ? [] : [CLOCKS, OVERLAP]),
    STOP,
    RUN_FOLDER,
    ...(secrets.length === 0 ? [] : [secretNote(secrets)]),
    ...(graph.pools.size === 0 ? [] : [poolNote(graph.pools)]),
  ];
  const head = `${graph.name}: made of ${file} by run-tasks, for Airflow 2.11 and 3.`;
  return `"""${escaped(head)}

What is otherwise than with run-tasks:

${notes.map((note) => `- ${escaped(note)}`).join('\n')}
"""`;
}

function secretNote(secrets: readonly string[]): string {
  return `Secrets are not in this file. Set them in the environment in which Airflow runs tasks: ${secrets.join(', ')}. Airflow
  shows them in a log to which a command writes them.`;
}

function poolNote(pools: ReadonlyMap<string, number>): string {
  const commands = [...pools].map(([name, size]) => `\`airflow pools set ${name} ${size} etlutils\``);
  return `Its pools must be there: ${commands.join(', ')}.`;
}
