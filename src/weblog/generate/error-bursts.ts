/** Bursts of requests that nearly all fail with the same status, as when a server behind a proxy is down, or a bot scans the site. */

import type { RandomSource } from './seeded-random.ts';

const ERRORS = [404, 500, 502, 503, 504] as const;
/** The chance that a request begins a burst. */
const BEGINS = 1 / 2000;
/** The share of requests of a burst that fail. */
const FAILS = 0.9;
/** The number of requests of a burst. */
const SHORTEST = 50;
const LONGEST = 500;

/** A function from the status that the next request would have without bursts to the one that it has. */
export function errorBursts(random: RandomSource): (status: number) => number {
  let left = 0;
  let error = 0;
  return (status) => {
    if (left === 0 && random.share() < BEGINS) {
      left = SHORTEST + random.below(LONGEST - SHORTEST + 1);
      error = random.pick(ERRORS);
    }
    if (left === 0) return status;
    left -= 1;
    return random.share() < FAILS ? error : status;
  };
}
