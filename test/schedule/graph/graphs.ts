/** Graphs for tests, from the text of a file. */

import { readGraph } from '../../../src/schedule/graph/file/read-graph.ts';
import type { Graph } from '../../../src/schedule/graph/graph.ts';

/** @param text of a file that is right */
export function graphOf(text: string, file = '/etl/some.yaml'): Graph {
  const { graph, problems } = readGraph(text, file);
  if (graph === undefined) throw new Error(JSON.stringify(problems));
  return graph;
}

/** What is wrong with a file: `LINE:COLUMN: message`. */
export function problemsIn(text: string, file = '/etl/some.yaml'): string[] {
  const { problems } = readGraph(text, file);
  return problems.map(({ line, column, message }) => `${line}:${column}: ${message}`);
}

/** A graph of tasks that do nothing, by what each needs. */
export function graphOfNeeds(needs: Readonly<Record<string, readonly string[]>>): Graph {
  const tasks = Object.entries(needs).map(
    ([name, own]) => `  ${name}: {run: ':', needs: [${own.join(', ')}]}\n`,
  );
  return graphOf(`tasks:\n${tasks.join('')}`);
}
