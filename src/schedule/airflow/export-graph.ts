/** `run-tasks --airflow`: the text of a DAG, or all that Airflow has no equal for. */

import { Failure, status } from '../../failure.ts';
import type { Graph } from '../graph/graph.ts';
import { readEnvFile } from '../tries/env-file.ts';
import { airflowDag } from './airflow-dag.ts';

/** @returns nothing when there is a problem @throws Failure of the file of secrets, of which only names are used */
export function exportGraph(graph: Graph, io: { fail(error: Error): void }): string {
  const secrets = graph.envFile === undefined ? [] : Object.keys(readEnvFile(graph.envFile));
  const { text, problems } = airflowDag(graph, secrets);
  for (const { line, column, message } of problems)
    io.fail(new Failure(status.config, `${graph.place.file}:${line}:${column}: ${message}`));
  return text;
}
