/** A limit for work that may not end by itself. */

/** A longer one would end at once. */
export const LONGEST_TIMER_MS = 2 ** 31 - 1;

interface TimeLimit {
  readonly timeoutMs: number;
  readonly signal: AbortSignal;
  /** The error to throw when the time is over. */
  timeoutError(): unknown;
}

/**
 * The outcome of the work, whose own signal is aborted when the time is over or `signal` is. It is not waited for then.
 *
 * @throws what the work throws; `timeoutError` when the time is over; the reason of `signal` when it is aborted
 */
export async function withTimeLimit<Result>(
  work: (signal: AbortSignal) => Promise<Result>,
  { timeoutMs, signal, timeoutError }: TimeLimit,
): Promise<Result> {
  signal.throwIfAborted();
  // Not AbortSignal.any(): a signal that lives for months would remember each one made from it.
  const stop = new AbortController();
  let interrupt = () => {};
  let timer: NodeJS.Timeout | undefined;
  const stopped = new Promise<never>((_, reject) => {
    const end = (reason: unknown) => {
      reject(reason);
      stop.abort(reason);
    };
    interrupt = () => end(signal.reason);
    timer = setTimeout(() => end(timeoutError()), Math.min(timeoutMs, LONGEST_TIMER_MS));
  });
  signal.addEventListener('abort', interrupt, { once: true });
  try {
    return await Promise.race([work(stop.signal), stopped]);
  } finally {
    clearTimeout(timer);
    signal.removeEventListener('abort', interrupt);
  }
}
