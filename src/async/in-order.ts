/** Several tasks at a time, whose results come in the order of the tasks. */

import { later } from './later.ts';

/** Begins when it is called. */
export type Task<Result> = () => Promise<Result>;

/** What the input has next: a task, or its end, which may be an error. */
type Next<Result> = { readonly task: Task<Result> } | { readonly end: Promise<void> };

/**
 * Each result comes as soon as it and all before it are ready, even while waiting for the next task.
 *
 * @param most tasks at a time: no other one is asked for before one of them is done
 * @throws the error of a task, after the results of those before it; the error of the input, after all results
 */
export async function* inOrder<Result>(
  most: number,
  tasks: AsyncIterable<Task<Result>>,
): AsyncGenerator<Result> {
  const iterator = tasks[Symbol.asyncIterator]();
  const running: Promise<Result>[] = [];
  let next: Promise<Next<Result>> | undefined;
  let end: Promise<void> | undefined;
  try {
    for (;;) {
      if (end === undefined && running.length < most) next ??= nextOf(iterator);
      const [first] = running;
      if (first === undefined && next === undefined) return await end;
      const come = await firstOf(first, next);
      if (come === undefined) yield await (running.shift() as Promise<Result>);
      else {
        next = undefined;
        if ('end' in come) end = come.end;
        else running.push(later(come.task()));
      }
    }
  } finally {
    // An input that is waited for may never come.
    const closed = later(Promise.resolve(iterator.return?.()));
    await Promise.allSettled(next === undefined ? [closed, ...running] : running);
  }
}

async function nextOf<Result>(iterator: AsyncIterator<Task<Result>>): Promise<Next<Result>> {
  try {
    const { done, value } = await iterator.next();
    return done ? { end: Promise.resolve() } : { task: value };
  } catch (error) {
    return { end: later(Promise.reject(error)) };
  }
}

/** What the input has, if that comes before the result; else undefined. @throws the task's error */
function firstOf<Result>(
  result: Promise<Result> | undefined,
  next: Promise<Next<Result>> | undefined,
): Promise<Next<Result> | undefined> {
  const isThere = result?.then(() => undefined);
  return Promise.race([isThere, next].filter((each) => each !== undefined));
}
