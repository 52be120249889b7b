/** `run-tasks --airflow`: prints a DAG, or reports all features without equivalent in Airflow. */

import { Failure, status } from '../../failure.ts';
import type { Graph } from '../graph/graph.ts';
import { readEnvFile } from '../tries/env-file.ts';
import { airflowDag } from './airflow-dag.ts';

/** @returns an empty text after a problem @throws Failure of the file of secrets, of which only the names are used */
export function exportGraph(graph: Graph, io: { fail(error: Error): void }): string {
  const secrets = graph.envFile === undefined ? [] : Object.keys(readEnvFile(graph.envFile));
  const { text, problems } = airflowDag(graph, secrets);
  for (const { line, column, message } of problems)
    io.fail(new Failure(status.config, `${graph.place.file}:${line}:${column}: ${message}`));
  return text;
}
