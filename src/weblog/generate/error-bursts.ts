/** Bursts of requests that nearly all fail with the same status, as when a backend is down, or a bot scans the site. */

import type { RandomSource } from './seeded-random.ts';

const ERRORS = [404, 500, 502, 503, 504] as const;
/** Probability that a request starts a burst. */
const START_CHANCE = 1 / 2000;
/** Share of failing requests in a burst. */
const FAILING_SHARE = 0.9;
/** Number of requests in a burst. */
const SHORTEST = 50;
const LONGEST = 500;

/** A function from a request's status without bursts to its actual status. */
export function errorBursts(random: RandomSource): (status: number) => number {
  let left = 0;
  let error = 0;
  return (status) => {
    if (left === 0 && random.share() < START_CHANCE) {
      left = SHORTEST + random.below(LONGEST - SHORTEST + 1);
      error = random.pick(ERRORS);
    }
    if (left === 0) return status;
    left -= 1;
    return random.share() < FAILING_SHARE ? error : status;
  };
}
