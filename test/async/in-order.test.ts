import { setTimeout as sleep } from 'node:timers/promises';
import { describe, expect, it } from 'vitest';
import { inOrder, type Task } from '../../src/async/in-order.ts';

async function all<Result>(results: AsyncIterable<Result>): Promise<(Result | string)[]> {
  const found: (Result | string)[] = [];
  try {
    for await (const result of results) found.push(result);
  } catch (error) {
    found.push(String(error));
  }
  return found;
}

/** Tasks that take these milliseconds, and the most of them that ran at once. */
function tasks(times: readonly number[], failing?: number) {
  const seen = { most: 0, running: 0, asked: 0 };
  const task =
    (ms: number, at: number): Task<number> =>
    async () => {
      seen.most = Math.max(seen.most, ++seen.running);
      await sleep(ms);
      seen.running--;
      if (at === failing) throw new Error(`task ${at}`);
      return at;
    };
  async function* input() {
    for (const [at, ms] of times.entries()) {
      seen.asked++;
      yield task(ms, at);
    }
  }
  return { seen, input };
}

describe('tasks whose results are in order', () => {
  it('run at once, as many as there may be', async () => {
    const { seen, input } = tasks([30, 1, 20, 1, 1, 10, 1]);
    expect(await all(inOrder(3, input()))).toEqual([0, 1, 2, 3, 4, 5, 6]);
    expect(seen.most).toBe(3);
  });

  it('run one after the other, each begun when the one before has been used', async () => {
    const { seen, input } = tasks([5, 1, 3]);
    for await (const result of inOrder(1, input()))
      expect([result + 1, seen.running]).toEqual([seen.asked, 0]);
    expect(seen.most).toBe(1);
  });

  it('end with the first one that fails, when the others have ended', async () => {
    const { seen, input } = tasks([1, 20, 40, 1], 1);
    expect(await all(inOrder(4, input()))).toEqual([0, 'Error: task 1']);
    expect(seen.running).toBe(0);
  });

  it('end with the error of the input, after all results', async () => {
    async function* input(): AsyncGenerator<Task<number>> {
      yield async () => sleep(20, 1);
      throw new Error('input');
    }
    expect(await all(inOrder(4, input()))).toEqual([1, 'Error: input']);
  });

  it('give their results, and their errors, while the input is silent', async () => {
    let isClosed = false;
    async function* input(task: Task<number>): AsyncGenerator<Task<number>> {
      try {
        yield task;
        await sleep(100);
      } finally {
        isClosed = true;
      }
    }
    for await (const result of inOrder(
      4,
      input(async () => 1),
    ))
      expect([result, isClosed]).toEqual([1, false]);
    isClosed = false;
    const failing = inOrder(
      4,
      input(async () => Promise.reject(new Error('task'))),
    );
    expect([await all(failing), isClosed]).toEqual([['Error: task'], false]);
  });

  it('are none for no input', async () => {
    expect(await all(inOrder(2, tasks([]).input()))).toEqual([]);
  });
});
