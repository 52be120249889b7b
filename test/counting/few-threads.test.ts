import type { WorkerOptions } from 'node:worker_threads';
import { expect, it, vi } from 'vitest';
import { ThreadPool } from '../../src/counting/thread-pool.ts';

const system = vi.hoisted(() => ({ threadsLeft: 0 }));

vi.mock('node:worker_threads', async (original) => {
  const real = await original<typeof import('node:worker_threads')>();
  class Worker extends real.Worker {
    constructor(file: string, options: WorkerOptions) {
      if (system.threadsLeft === 0)
        throw Object.assign(new Error('EAGAIN'), { code: 'ERR_WORKER_INIT_FAILED' });
      system.threadsLeft--;
      super(file, options);
    }
  }
  return { ...real, Worker };
});

it.each([
  [0, 1],
  [1, 2],
  [9, 4],
])('with %i more threads allowed, a pool for four has %i', (threadsLeft, expected) => {
  system.threadsLeft = threadsLeft;
  const pool = new ThreadPool(4);
  expect(pool.size).toBe(expected);
  pool.close();
});
