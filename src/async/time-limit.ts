/** A time limit for work that may never end by itself. */

/** setTimeout fires a longer one at once. */
export const LONGEST_TIMER_MS = 2 ** 31 - 1;

interface TimeLimit {
  readonly timeoutMs: number;
  readonly signal: AbortSignal;
  /** Makes the error to throw on timeout. */
  timeoutError(): unknown;
}

/**
 * The result of the work. On timeout, or when `signal` is aborted, the work's own signal is aborted, and the work is not
 * awaited any longer.
 *
 * @throws what the work throws; `timeoutError` on timeout; the reason of `signal` when it is aborted
 */
export async function withTimeLimit<Result>(
  work: (signal: AbortSignal) => Promise<Result>,
  { timeoutMs, signal, timeoutError }: TimeLimit,
): Promise<Result> {
  signal.throwIfAborted();
  // Not AbortSignal.any(): a signal that lives for months would keep a reference to every signal derived from it.
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
