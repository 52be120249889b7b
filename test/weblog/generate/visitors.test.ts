import { describe, expect, it } from 'vitest';
import { seededRandom } from '../../../src/weblog/generate/seeded-random.ts';
import {
  FIRST_OTHER_SITE,
  FIRST_OWN_PAGE,
  fillValuePools,
} from '../../../src/weblog/generate/value-pools.ts';
import { sessions, singleVisits, type Visit } from '../../../src/weblog/generate/visitors.ts';

const pools = await fillValuePools(1, false);
const MINUTE = 60_000;

function visits(count: number, everyMs: number): Visit[] {
  const visit = sessions(pools, seededRandom(1, 0));
  return Array.from({ length: count }, (_, at) => ({ ...visit(at * everyMs) }));
}

const isOwn = ({ referer }: Visit) => referer >= FIRST_OWN_PAGE;

describe('visitors', () => {
  it('come each from the page of their request before', () => {
    const last = new Map<string, number>();
    let followed = 0;
    for (const visit of visits(10_000, 10)) {
      const visitor = `${visit.address} ${visit.agent}`;
      if (isOwn(visit)) {
        expect(visit.referer - FIRST_OWN_PAGE).toBe(last.get(visitor));
        followed += 1;
      }
      last.set(visitor, visit.path);
    }
    // Visits have five requests on the average.
    expect(Math.abs(followed / 10_000 - 0.8)).toBeLessThan(0.02);
  });

  it('come first from another site, or from nowhere', () => {
    const first = visits(10_000, 10).filter((visit) => !isOwn(visit));
    const typed = first.filter(({ referer }) => referer === 0).length;
    expect(Math.abs(typed / first.length - 0.5)).toBeLessThan(0.05);
  });

  it('do not come back after half an hour', () => {
    expect(visits(1000, 31 * MINUTE).some(isOwn)).toBe(false);
  });

  it('who are singleVisits come from other sites only', () => {
    const stranger = singleVisits(pools, seededRandom(1, 0));
    for (let at = 0; at < 10_000; at++) {
      const { referer } = stranger();
      expect(referer >= FIRST_OTHER_SITE && referer < FIRST_OWN_PAGE).toBe(true);
    }
  });
});
