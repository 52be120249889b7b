import { expect, it } from 'vitest';
import { errorBursts } from '../../../src/weblog/generate/error-bursts.ts';
import { seededRandom } from '../../../src/weblog/generate/seeded-random.ts';

it('makes nearly all requests of a stretch fail in the same way, now and then', () => {
  const statusOf = errorBursts(seededRandom(1, 0));
  const statuses = Array.from({ length: 200_000 }, () => statusOf(200));
  const bursts = statuses.join(' ').match(/(404|50[0234])(?: (?:200 ){0,9}\1)+/g) ?? [];
  const lengths = bursts.map((burst) => burst.split(' ').length);
  expect(Math.abs(bursts.length - 90)).toBeLessThan(40);
  expect(Math.max(...lengths)).toBeLessThanOrEqual(500);
  expect(lengths.reduce((sum, length) => sum + length, 0) / lengths.length).toBeGreaterThan(200);
  expect(new Set(statuses)).toEqual(new Set([200, 404, 500, 502, 503, 504]));
  const failed = bursts.join(' ').split(' ');
  expect(Math.abs(failed.filter((status) => status !== '200').length / failed.length - 0.9)).toBeLessThan(
    0.02,
  );
});
