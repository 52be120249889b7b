/** The runs before and after a run of a job. */

import type { JobJson, RunsJson } from '../runs-json.ts';

/** Undefined for none. */
export interface Neighbours {
  readonly earlier: number | undefined;
  readonly later: number | undefined;
}

/**
 * Found among the recent runs of a job; for an older run, only the one before it is known.
 *
 * @param earlier requests the run before a run
 */
export function neighboursOf(
  { recent }: Pick<JobJson, 'recent'>,
  run: number,
  earlier: (run: number) => RunsJson | undefined,
): Neighbours {
  const numbers = recent.map((each) => each.run);
  const known = numbers.findLast((each) => each < run);
  return {
    earlier: known ?? earlier(run)?.runs[0]?.run,
    later: numbers[0] !== undefined && run < numbers[0] ? undefined : numbers.find((each) => each > run),
  };
}
