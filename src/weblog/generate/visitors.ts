/** The visitors of a site: who makes the next request, and from which page. */

import type { RandomSource } from './seeded-random.ts';
import { FIRST_OTHER_SITE, FIRST_OWN_PAGE, type ValuePools } from './value-pools.ts';

/** A request as indexes into the pools. */
export interface Visit {
  readonly address: number;
  readonly agent: number;
  readonly path: number;
  referer: number;
}

/** Number of concurrent visitors. */
const AT_ONCE = 64;
/** A visitor who pauses for longer, in milliseconds, does not return. */
const LONGEST_PAUSE_MS = 30 * 60_000;
/** Probability that a page is the last of a visit. */
const LAST_PAGE = 0.2;

/** A function that draws visitors with a single request, from another site. */
export function singleVisits(pools: ValuePools, random: RandomSource): () => Visit {
  const others = FIRST_OWN_PAGE - FIRST_OTHER_SITE;
  return () => ({
    address: random.below(pools.addresses.length),
    agent: random.skewed(pools.agents.length),
    path: random.skewed(pools.paths.length),
    referer: FIRST_OTHER_SITE + random.skewed(others),
  });
}

interface Session {
  visit: Visit;
  /** The time of its last request, in epoch milliseconds. */
  seen: number;
}

/**
 * A function from the time of the next request, in epoch milliseconds, to its visitor. Visitors make several requests,
 * each from the page before; they arrive from another site, or without a referer.
 */
export function sessions(pools: ValuePools, random: RandomSource): (time: number) => Visit {
  const arrive = singleVisits(pools, random);
  const present: Session[] = [];
  return (time) => {
    const at = random.below(AT_ONCE);
    const session = present[at];
    const continues = random.share() >= LAST_PAGE;
    const arrival = arrive();
    const isTyped = random.below(2) === 0;
    if (session === undefined || !continues || time - session.seen > LONGEST_PAUSE_MS) {
      if (isTyped) arrival.referer = 0;
      present[at] = { visit: arrival, seen: time };
      return arrival;
    }
    const { address, agent, path } = session.visit;
    session.visit = { address, agent, path: arrival.path, referer: FIRST_OWN_PAGE + path };
    session.seen = time;
    return session.visit;
  };
}
