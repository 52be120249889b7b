/** Turns a graph into a job of a schedule. */

import type { Job } from '../jobs/job.ts';
import type { Graph } from './graph.ts';

export function graphJob(graph: Graph): Job {
  const { name, when, schedule, policies, place } = graph;
  return {
    ...{ name, when: when ?? { kind: 'never' }, schedule, policies, place, graph },
    ...{ command: `run-tasks ${place.file}`, input: '', env: {} },
  };
}
