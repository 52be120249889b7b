/** Partitions that cannot be fetched for a time, while others can. */

import { type Failure, isTemporary } from '../../failure.ts';

/** Why a partition cannot be fetched, and since when. */
export interface Trouble {
  readonly failure: Failure;
  /** In elapsed milliseconds, as the others. */
  readonly sinceMs: number;
  readonly triedMs: number;
  readonly isTold: boolean;
}

interface Troubled {
  readonly partition: number;
  trouble: Trouble | undefined;
}

/** It could not be fetched once more. */
export function meet(lane: Troubled, failure: Failure, nowMs: number): void {
  const { sinceMs = nowMs, isTold = false } = lane.trouble ?? {};
  lane.trouble = { failure, sinceMs, triedMs: nowMs, isTold };
}

/** Why none can be fetched: what is final of one, and what has lasted for the time to wait of all. */
export function failureOf(lanes: readonly Troubled[], nowMs: number, waitMs: number): Failure | undefined {
  const final = lanes.find(({ trouble }) => trouble !== undefined && !isTemporary(trouble.failure));
  if (final !== undefined) return final.trouble?.failure;
  return lanes.every(({ trouble }) => isLong(trouble, nowMs, waitMs))
    ? lanes[0]?.trouble?.failure
    : undefined;
}

/** What is to be said of partitions that could not be fetched for the time to wait, while others could. Once. */
export function newTroubles(lanes: readonly Troubled[], nowMs: number, waitMs: number): string[] {
  const untold = lanes.filter(({ trouble }) => trouble?.isTold === false && isLong(trouble, nowMs, waitMs));
  return untold.flatMap((lane) => {
    if (lane.trouble === undefined) return [];
    lane.trouble = { ...lane.trouble, isTold: true };
    return [others(lane.trouble.failure, lane.partition)];
  });
}

export function others({ message }: Failure, partition: number): string {
  return `${message} (only partition ${partition} waits)`;
}

function isLong(trouble: Trouble | undefined, nowMs: number, waitMs: number): boolean {
  return trouble !== undefined && nowMs - trouble.sinceMs >= waitMs;
}
