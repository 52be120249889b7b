import { isIP } from 'node:net';
import { describe, expect, it } from 'vitest';
import {
  FIRST_OTHER_SITE,
  FIRST_OWN_PAGE,
  fillValuePools,
} from '../../../src/weblog/generate/value-pools.ts';

const [pools, both] = [await fillValuePools(1, false), await fillValuePools(1, true)];

describe('pools', () => {
  it('are the same for the same seed', async () => {
    expect(await fillValuePools(1, false)).toEqual(pools);
    expect((await fillValuePools(2, false)).paths).not.toEqual(pools.paths);
    expect((await fillValuePools(1 + 2 ** 32, false)).paths).not.toEqual(pools.paths);
  });

  it('need no escape in any format', () => {
    for (const text of [both.addresses, both.paths, both.referers, both.agents].flat())
      expect(text).toMatch(/^[!#-[\]-~]([ !#-[\]-~]*[!#-[\]-~])?$/);
  });

  it('have addresses as servers write them', () => {
    expect(new Set(pools.addresses.map(isIP))).toEqual(new Set([4]));
    expect(both.addresses.map(isIP)).toEqual(pools.addresses.map((_, at) => (at % 2 === 0 ? 4 : 6)));
    for (const address of both.addresses) expect(address).not.toMatch(/:0\d/);
  });

  it('are the same with IPv6 but for the addresses', () => {
    expect({ ...both, addresses: [] }).toEqual({ ...pools, addresses: [] });
  });

  it('have referers from nowhere, from other sites, and from all pages of this one', () => {
    expect(pools.referers[0]).toBe('-');
    const others = pools.referers.slice(FIRST_OTHER_SITE, FIRST_OWN_PAGE);
    const own = pools.referers.slice(FIRST_OWN_PAGE);
    const [site] = own[0]?.split(pools.paths[0] ?? '') ?? [];
    expect(site).toMatch(/^https?:\/\/www\.[a-z\d.-]+$/);
    expect(own).toEqual(pools.paths.map((path) => `${site}${path}`));
    for (const other of others) expect(other).toMatch(/^https?:\/\/www\.[a-z\d.-]+\/[a-z]/);
    expect(others.filter((other) => other.startsWith(`${site}/`))).toEqual([]);
  });

  it('have many different texts', () => {
    const shares = [pools.addresses, pools.paths, pools.agents].map((all) => new Set(all).size / all.length);
    expect(Math.min(...shares)).toBeGreaterThan(0.5);
  });
});
