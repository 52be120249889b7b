/** Retries work after temporary failures. */

import { retry, spread } from '../async/retry.ts';
import { errorText, isTemporary } from '../failure.ts';
import type { TableSettings } from './table.ts';

/** Repeats the work after each temporary failure, at most `retries` times within `waitMs`. */
export function retrying<Result>(
  { retries, waitMs, signal, explain }: TableSettings,
  work: () => Promise<Result>,
): Promise<Result> {
  return retry(work, {
    retries,
    pause: spread(waitMs, retries),
    signal,
    isTransient: isTemporary,
    onRetry: (error) => explain(`${errorText(error)}: trying again`),
  });
}
