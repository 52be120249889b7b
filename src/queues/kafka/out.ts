/** Batches in flight from a partition. */

import type { StoredMessage } from '../queue.ts';
import type { Range } from './ranges.ts';

/** A batch in flight, or done ahead of one in flight. */
export interface Out extends Range {
  readonly isKeyed: boolean;
}

export function outOf(messages: readonly StoredMessage[]): Out {
  const first = messages[0]?.sequence ?? 0;
  return { first, last: messages.at(-1)?.sequence ?? first, isDone: false, isKeyed: hasKeys(messages) };
}

export function hasKeys(messages: readonly StoredMessage[]): boolean {
  return messages.some(({ key }) => key !== undefined);
}
