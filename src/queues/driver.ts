/** The contract of drivers: each opens, makes, lists and drops queues by address. */

import type { Ability } from './abilities.ts';
import type { Queue } from './queue.ts';

/** The shape of a queue. Undefined: the driver's default for a new queue, unchanged for an existing one. */
export interface Shape {
  readonly partitions: number | undefined;
  readonly replication: number | undefined;
  /** Retention of messages that every known group has taken: milliseconds or bytes. */
  readonly keep: { readonly ms: number } | { readonly bytes: number } | undefined;
  /** Maximum total size of the messages; `put` waits while the queue is full. */
  readonly maxBytes: number | undefined;
}

/** What a driver needs to open a queue. */
export interface QueueSettings {
  /** How long to wait for locks, and for a server to come back, in milliseconds. */
  readonly waitMs: number;
  readonly signal: AbortSignal;
  /** The environment, for secrets. */
  readonly env: Readonly<Record<string, string | undefined>>;
  /** Epoch milliseconds. */
  now(): number;
  warn(message: string): void;
  explain(message: string): void;
}

/** Operations on the address of a queue. */
export interface QueueDriver {
  /** What the engine supports at this address. @throws Failure (usage) when the address is malformed */
  abilities(address: string): ReadonlySet<Ability>;
  /** Does no I/O yet. */
  open(address: string, settings: QueueSettings): Queue;
  /** Makes a queue. Does nothing when one of this shape exists. @throws Failure (data) when it has another shape */
  make(address: string, shape: Shape, settings: QueueSettings): Promise<void>;
  /** The addresses of all queues of an engine. @returns undefined when the address names a single queue */
  list?(address: string, settings: QueueSettings): Promise<string[] | undefined>;
  /** Whether `stats` reports replicas. */
  readonly hasReplicas?: boolean;
  /** Deletes a queue with all its messages. @returns whether it existed */
  drop(address: string, settings: QueueSettings): Promise<boolean>;
}
