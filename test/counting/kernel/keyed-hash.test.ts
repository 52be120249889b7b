import { afterEach, expect, it, vi } from 'vitest';
import { Counter } from '../../../src/counting/counter.ts';
import type { Plan } from '../../../src/counting/plan.ts';
import { random } from '../../../src/files/random.ts';
import { noNames } from '../../../src/readings/reading-columns.ts';
import { wanted } from '../../../src/stats/statistics.ts';
import { growsLess, growth } from '../../growth.ts';

afterEach(() => vi.restoreAllMocks());

const PLAN: Plan = {
  windows: [{ label: 'all', lengthMs: undefined }],
  slideMs: undefined,
  zone: undefined,
  latenessMs: undefined,
  wanted: wanted([]),
  lines: {
    delimiter: ',',
    names: noNames,
    range: undefined,
  },
};

/** Under this key the hash of names that end in sixteen times `a` is 0: a sum of products, each with a factor of 0. */
function useKnownKey(): void {
  vi.spyOn(random, 'fill').mockImplementation((space) => {
    for (let at = 0; at < space.length; at += 4) space.set([0x9f, 0x9e, 0x9e, 0x9e], at);
  });
}

/** Readings of sensors whose names share a slot under the known key. */
function collidingReadings(count: number): Buffer {
  const names = Array.from({ length: count }, (_, at) => `${at}`.padStart(16, 'x') + 'a'.repeat(16));
  return Buffer.from(names.map((name) => `2026-11-21T10:04:00Z,${name},1\n`).join(''));
}

function countAll(lines: Buffer): number {
  const counter = new Counter(PLAN, { accept() {}, reject() {} }, { kernelAfter: 0 });
  counter.begin('log');
  counter.count(lines);
  counter.end();
  return counter.plainLines;
}

// README: "The cost of a line, a name or a header grows with its length, whatever it holds."
it('names that share a slot under one key do not under another', async () => {
  const colliding = { make: collidingReadings, work: countAll, length: 2000 };
  expect(countAll(collidingReadings(1000))).toBeGreaterThan(990);
  expect(await growsLess(colliding, 9)).toBe(true);
  useKnownKey();
  // Else these names say nothing about the hash.
  expect(await growth(colliding)).toBeGreaterThan(9);
});

it('each kernel draws a key of its own', () => {
  const drawn = vi.spyOn(random, 'fill');
  countAll(collidingReadings(1));
  countAll(collidingReadings(1));
  const keys = drawn.mock.calls.map(([space]) => Buffer.from(space).toString('hex'));
  expect(new Set(keys).size).toBe(2);
});
