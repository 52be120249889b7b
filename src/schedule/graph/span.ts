/** The span of a backfill, as people write it. */

import { Failure, status } from '../../failure.ts';
import { quote } from '../../lines/line.ts';
import type { Span } from '../due/due.ts';
import { momentsIn } from './file/day-or-time.ts';
import type { Graph } from './graph.ts';

/** Parses two days or times; both are included. @throws Failure (usage) */
export function spanIn(
  [from, to]: readonly [from: string, to: string],
  { timezone }: Pick<Graph, 'timezone'>,
): Span {
  const [first, last] = [from, to].map((text) => {
    const moments = momentsIn(text, timezone);
    if (moments !== undefined) return moments;
    const hint = '(write 2026-11-01, or 2026-11-01T08:00:00Z)';
    throw new Failure(status.usage, `--backfill: neither a day nor a time: ${quote(text)} ${hint}`);
  });
  if (first === undefined || last === undefined || last.last < first.first)
    throw new Failure(status.usage, `--backfill: ${from}..${to} ends before it begins`);
  return { from: first.first, to: last.last };
}
