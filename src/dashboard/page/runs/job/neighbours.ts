/** The runs beside a run of a job. */

import type { JobJson, RunsJson } from '../runs-json.ts';

/** Undefined for none. */
export interface Neighbours {
  readonly earlier: number | undefined;
  readonly later: number | undefined;
}

/**
 * From the last runs of a job; of a run before those only the one before it is known.
 *
 * @param earlier asks for the run before a run
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
