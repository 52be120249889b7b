/** The graph of a run, whatever has become of its file since: a ledger keeps each file with which a run has begun. */

import type { GraphRecord } from '../../ledger/graphs.ts';
import type { Run, TaskRow } from '../../ledger/records.ts';
import type { Job } from '../jobs/job.ts';
import { readGraph } from './file/read-graph.ts';
import type { Graph } from './graph.ts';
import { partOfRun } from './past-run.ts';

/** What the ledger has of a run: its tasks, and the file with which it has begun. */
interface KeptRun {
  readonly tasks: readonly TaskRow[];
  readonly graph: GraphRecord | undefined;
}

/**
 * The job with the graph that its run has begun with, or the part of it that the run is of. Where the file that was kept cannot be
 * read any more, the graph is that of the job.
 */
export function graphOfRun(run: Run, job: Job, { tasks: past, graph: kept }: KeptRun): Job {
  const graph = keptGraph(run, job, kept) ?? job.graph;
  return graph === undefined ? job : { ...job, graph: partOfRun(graph, { past, kept }) };
}

function keptGraph({ graph: hash }: Run, job: Job, kept: GraphRecord | undefined): Graph | undefined {
  if (hash === undefined || kept === undefined || job.graph?.hash === hash) return undefined;
  // By its present path: it may be relative, and this process in another folder than the one that has kept it.
  return readGraph(kept.text, job.graph?.place.file ?? kept.file, job.graph?.given).graph;
}
