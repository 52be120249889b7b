import { expect, it } from 'vitest';
import { assign, type Subscription } from '../../../src/queues/kafka/assignment.ts';

function member(memberId: string, topics: readonly string[], owned: readonly number[] = []): Subscription {
  return { memberId, topics, owned: new Map([['t', owned]]) };
}

function assigned(members: readonly Subscription[], counts: Record<string, number>) {
  const found = assign(members, new Map(Object.entries(counts)));
  return Object.fromEntries([...found].map(([id, topics]) => [id, Object.fromEntries(topics)]));
}

it('gives each partition to one member, in shares that differ by one at most', () => {
  for (let members = 1; members < 6; members++)
    for (let partitions = 0; partitions < 12; partitions++) {
      const all = Array.from({ length: members }, (_, at) => member(`m${at}`, ['t']));
      const given = Object.values(assigned(all, { t: partitions })).map(({ t = [] }) => t);
      expect(given.flat().toSorted((a, b) => a - b)).toEqual([...Array(partitions).keys()]);
      const sizes = given.map((own) => own.length);
      expect(Math.max(...sizes) - Math.min(...sizes)).toBeLessThan(2);
    }
});

it('lets members keep what they have, up to their share', () => {
  expect(assigned([member('a', ['t'], [0, 1, 2, 3]), member('b', ['t'])], { t: 4 })).toEqual({
    a: { t: [0, 1] },
    b: { t: [2, 3] },
  });
  expect(assigned([member('a', ['t'], [1]), member('b', ['t'], [1, 3, 4])], { t: 5 })).toEqual({
    a: { t: [1, 0, 2] },
    b: { t: [3, 4] },
  });
});

it('gives members only topics that they want', () => {
  expect(assigned([member('a', ['t', 'u']), member('b', ['u'])], { t: 2, u: 2 })).toEqual({
    a: { t: [0, 1], u: [0] },
    b: { u: [1] },
  });
});
