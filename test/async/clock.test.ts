import { setTimeout as sleep } from 'node:timers/promises';
import { expect, it } from 'vitest';
import { elapsedMs } from '../../src/async/clock.ts';

it('counts milliseconds', async () => {
  const begun = elapsedMs();
  await sleep(20);
  expect(elapsedMs() - begun).toBeGreaterThanOrEqual(19);
  expect(elapsedMs() - begun).toBeLessThan(20_000);
});
