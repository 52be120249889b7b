/** The graph that a run began with, even if its file has changed since: the ledger keeps the text of each such file. */

import type { GraphRecord } from '../../ledger/graphs.ts';
import type { Run, TaskRow } from '../../ledger/records.ts';
import type { Job } from '../jobs/job.ts';
import { readGraph } from './file/read-graph.ts';
import type { Graph } from './graph.ts';
import { partOfRun } from './past-run.ts';

/** What the ledger knows about a run: its tasks, and the file it began with. */
interface KeptRun {
  readonly tasks: readonly TaskRow[];
  readonly graph: GraphRecord | undefined;
}

/**
 * The job with the graph, or the part of it, that its run began with. If the kept file can no longer be parsed, the job's own
 * graph is used.
 */
export function graphOfRun(run: Run, job: Job, { tasks: past, graph: kept }: KeptRun): Job {
  const graph = keptGraph(run, job, kept) ?? job.graph;
  return graph === undefined ? job : { ...job, graph: partOfRun(graph, { past, kept }) };
}

function keptGraph({ graph: hash }: Run, job: Job, kept: GraphRecord | undefined): Graph | undefined {
  if (hash === undefined || kept === undefined || job.graph?.hash === hash) return undefined;
  // Its present path: the kept one may be relative to the working directory of another process.
  return readGraph(kept.text, job.graph?.place.file ?? kept.file, job.graph?.given).graph;
}
