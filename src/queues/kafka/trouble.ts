/** Partitions that cannot be fetched for a while although others can. */

import { type Failure, isTemporary } from '../../failure.ts';

/** Why a partition cannot be fetched, and since when. */
export interface Trouble {
  readonly failure: Failure;
  /** Elapsed milliseconds, like `triedMs`. */
  readonly sinceMs: number;
  readonly triedMs: number;
  readonly isTold: boolean;
}

interface Troubled {
  readonly partition: number;
  trouble: Trouble | undefined;
}

/** Records a failed fetch of a partition. */
export function meet(lane: Troubled, failure: Failure, nowMs: number): void {
  const { sinceMs = nowMs, isTold = false } = lane.trouble ?? {};
  lane.trouble = { failure, sinceMs, triedMs: nowMs, isTold };
}

/** Why nothing can be fetched: a permanent failure of any partition, or when all have failed for the whole wait. */
export function failureOf(lanes: readonly Troubled[], nowMs: number, waitMs: number): Failure | undefined {
  const final = lanes.find(({ trouble }) => trouble !== undefined && !isTemporary(trouble.failure));
  if (final !== undefined) return final.trouble?.failure;
  return lanes.every(({ trouble }) => isLong(trouble, nowMs, waitMs))
    ? lanes[0]?.trouble?.failure
    : undefined;
}

/** Warnings, once each, about partitions that have failed for the whole wait. */
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
