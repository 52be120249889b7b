/** The graph of a run, whatever has become of its file since: a ledger keeps each file with which a run has begun. */

import type { GraphRecord } from '../../ledger/graphs.ts';
import type { Run } from '../../ledger/records.ts';
import type { Job } from '../job.ts';
import { readGraph } from './read-graph.ts';

/**
 * The job with the graph that its run has begun with.
 *
 * @param kept what the ledger has of that; where it cannot be read any more, the graph is that of the job
 */
export function graphOfRun({ graph: hash }: Run, job: Job, kept: GraphRecord | undefined): Job {
  if (hash === undefined || kept === undefined || job.graph?.hash === hash) return job;
  // By its present path: it may be relative, and this process in another folder than the one that has kept it.
  const { graph } = readGraph(kept.text, job.graph?.place.file ?? kept.file);
  return graph === undefined ? job : { ...job, graph };
}
