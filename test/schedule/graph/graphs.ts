/** Parses graphs for tests. */

import { readGraph } from '../../../src/schedule/graph/file/read-graph.ts';
import type { Graph } from '../../../src/schedule/graph/graph.ts';

/** @param text of a valid file */
export function graphOf(text: string, file = '/etl/some.yaml'): Graph {
  const { graph, problems } = readGraph(text, file);
  if (graph === undefined) throw new Error(JSON.stringify(problems));
  return graph;
}

/** The problems of a file: `LINE:COLUMN: message`. */
export function problemsIn(text: string, file = '/etl/some.yaml'): string[] {
  const { problems } = readGraph(text, file);
  return problems.map(({ line, column, message }) => `${line}:${column}: ${message}`);
}

/** A graph of no-op tasks, from the needs of each. */
export function graphOfNeeds(needs: Readonly<Record<string, readonly string[]>>): Graph {
  const tasks = Object.entries(needs).map(
    ([name, own]) => `  ${name}: {run: ':', needs: [${own.join(', ')}]}\n`,
  );
  return graphOf(`tasks:\n${tasks.join('')}`);
}
