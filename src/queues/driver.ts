/** The contract of drivers: how each finds, opens, makes and drops queues by their addresses. */

import type { Ability } from './abilities.ts';
import type { Queue } from './queue.ts';

/** The shape of a queue. Undefined: the driver's own default, or as it is. */
export interface Shape {
  readonly partitions: number | undefined;
  readonly replication: number | undefined;
  /** How long messages stay that every known group has taken: milliseconds or bytes. */
  readonly keep: { readonly ms: number } | { readonly bytes: number } | undefined;
  /** The most bytes of all messages; a queue that is full makes `put` wait. */
  readonly maxBytes: number | undefined;
}

/** What a driver opens a queue with. */
export interface QueueSettings {
  /** How long to wait for others, and for a server to come back, in milliseconds. */
  readonly waitMs: number;
  readonly signal: AbortSignal;
  /** Where secrets come from. */
  readonly env: Readonly<Record<string, string | undefined>>;
  /** Epoch milliseconds. */
  now(): number;
  warn(message: string): void;
  explain(message: string): void;
}

/** What a driver does with a queue's address. */
export interface QueueDriver {
  /** What the engine can do with the queue of this address. @throws Failure (usage) when the address is malformed */
  abilities(address: string): ReadonlySet<Ability>;
  /** Touches nothing yet. */
  open(address: string, settings: QueueSettings): Queue;
  /** Makes a queue. Does nothing when it is there, of this shape. @throws Failure (data) when it is of another */
  make(address: string, shape: Shape, settings: QueueSettings): Promise<void>;
  /** The addresses of the queues of an engine. @returns undefined when the address is that of a queue */
  list?(address: string, settings: QueueSettings): Promise<string[] | undefined>;
  /** Whether it tells replicas in `stats`. */
  readonly hasReplicas?: boolean;
  /** Deletes a queue with all of its messages. @returns whether there was one */
  drop(address: string, settings: QueueSettings): Promise<boolean>;
}
