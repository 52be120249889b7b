/** Who makes the next request, and from which page. */

import type { Random } from './seeded-random.ts';
import { OTHER_SITES, OWN_SITE, type Pools } from './value-pools.ts';

/** Texts are their places in the pools. */
export interface Visit {
  readonly address: number;
  readonly agent: number;
  readonly path: number;
  referer: number;
}

/** Visitors who are on the site at the same time, and what ends a visit. */
const AT_ONCE = 64;
const LONGEST_PAUSE = 30 * 60_000;
const LAST_PAGE = 0.2;

/** Everybody comes once, from another site. */
export function strangers(pools: Pools, random: Random): () => Visit {
  const others = OWN_SITE - OTHER_SITES;
  return () => ({
    address: random.below(pools.addresses.length),
    agent: random.skewed(pools.agents.length),
    path: random.skewed(pools.paths.length),
    referer: OTHER_SITES + random.skewed(others),
  });
}

interface Presence {
  visit: Visit;
  seen: number;
}

/**
 * Visitors who make several requests, each from the page of the one before. The first one is from another site, or
 * from nowhere. A visitor who paused for half an hour does not come back.
 */
export function sessions(pools: Pools, random: Random): (time: number) => Visit {
  const arrive = strangers(pools, random);
  const present: Presence[] = [];
  return (time) => {
    const place = random.below(AT_ONCE);
    const presence = present[place];
    const goesOn = random.share() >= LAST_PAGE;
    const arrival = arrive();
    const typed = random.below(2) === 0;
    if (presence === undefined || !goesOn || time - presence.seen > LONGEST_PAUSE) {
      if (typed) arrival.referer = 0;
      present[place] = { visit: arrival, seen: time };
      return arrival;
    }
    const { address, agent, path } = presence.visit;
    presence.visit = { address, agent, path: arrival.path, referer: OWN_SITE + path };
    presence.seen = time;
    return presence.visit;
  };
}
