/** A batch of a partition that is out. */

import type { StoredMessage } from '../queue.ts';
import type { Range } from './ranges.ts';

/** A batch that is out, or done before one that is out. */
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
