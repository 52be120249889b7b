/** Stretches of requests nearly all of which fail in the same way, as when a server behind is down, or a bot looks for holes. */

import type { Random } from './seeded-random.ts';

const ERRORS = [404, 500, 502, 503, 504] as const;
const BEGINS = 1 / 2000;
const FAILS = 0.9;
/** Requests. */
const SHORTEST = 50;
const LONGEST = 500;

/** From the status a request would have to the one it has. */
export function errorBursts(random: Random): (status: number) => number {
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
