/** Bounded concurrency over a stream of tasks, results in the order of the tasks. */

import { later } from './later.ts';

/** Work that starts when called. */
export type Task<Result> = () => Promise<Result>;

/** The next event of the input: a task, or the end, which may be an error. */
type Next<Result> = { readonly task: Task<Result> } | { readonly end: Promise<void> };

/**
 * Yields each result as soon as it and all earlier ones are ready, even while the next task is awaited.
 *
 * @param most tasks at a time; the next is requested only when fewer are running
 * @throws a task's error, after the results of earlier tasks; the input's error, after all results
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
      const event = await firstOf(first, next);
      if (event === undefined) yield await (running.shift() as Promise<Result>);
      else {
        next = undefined;
        if ('end' in event) end = event.end;
        else running.push(later(event.task()));
      }
    }
  } finally {
    // A pending next() may never settle, and return() would queue behind it: wait for neither.
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

/** The input's next event if it comes before the result; undefined otherwise. @throws the task's error */
function firstOf<Result>(
  result: Promise<Result> | undefined,
  next: Promise<Next<Result>> | undefined,
): Promise<Next<Result> | undefined> {
  const ready = result?.then(() => undefined);
  return Promise.race([ready, next].filter((each) => each !== undefined));
}
