import { expect, it } from 'vitest';
import { later } from '../../src/async/later.ts';

it('gives the promise, whose rejection is not unhandled before it is awaited', async () => {
  const unhandled: unknown[] = [];
  const listener = (error: unknown) => unhandled.push(error);
  process.on('unhandledRejection', listener);
  const failed = later(Promise.reject(new Error('broken')));
  await new Promise(setImmediate);
  await new Promise(setImmediate);
  process.off('unhandledRejection', listener);
  expect(unhandled).toEqual([]);
  await expect(failed).rejects.toThrow('broken');
  await expect(later(Promise.resolve(1))).resolves.toBe(1);
});
