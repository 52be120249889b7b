/** Opens the queue of an address. */

import { type Drivers, findDriver } from '../addresses/drivers.ts';
import { checkUrl, parseAddress } from '../addresses/parse.ts';
import { showAddress } from '../addresses/show.ts';
import { type Ability, assertAbilities } from './abilities.ts';
import type { QueueDriver, QueueSettings, Shape } from './driver.ts';
import type { Queue } from './queue.ts';

const drivers: Drivers<QueueDriver> = {
  '': () => import('./file/driver.ts'),
  http: () => import('./sqs/driver.ts'),
  https: () => import('./sqs/driver.ts'),
  sqs: () => import('./sqs/driver.ts'),
  pubsub: () => import('./pubsub/driver.ts'),
  kafka: () => import('./kafka/driver.ts'),
  kafkas: () => import('./kafka/driver.ts'),
};

/** @returns the address, if a driver supports it @throws Failure (usage) */
export function parseQueueAddress(text: string): string {
  const address = parseAddress(text);
  findDriver('queue', drivers, address);
  checkUrl(address);
  return text;
}

/**
 * Does no I/O yet. The first put makes a missing file, but no other queue; a taker waits for a file; everything else
 * throws Failure (no input; unavailable when a server has no such queue).
 *
 * @param needed the required abilities @throws Failure (usage) for an unknown address, or when the engine lacks an
 * ability
 */
export async function openQueue(
  address: string,
  settings: QueueSettings,
  needed: readonly Ability[] = [],
): Promise<Queue> {
  const driver = await driverOf(address);
  assertAbilities(showAddress(address), driver.abilities(address), needed);
  return driver.open(address, settings);
}

/** What the engine of a queue supports. @throws Failure (usage) */
export async function abilitiesOf(address: string): Promise<ReadonlySet<Ability>> {
  return (await driverOf(address)).abilities(address);
}

/** The queues of an address: itself, or all queues of an engine. @throws Failure */
export async function listQueues(address: string, settings: QueueSettings): Promise<string[]> {
  return (await (await driverOf(address)).list?.(address, settings)) ?? [address];
}

/** Whether `stats` reports the replicas of a queue. @throws Failure (usage) */
export async function hasReplicas(address: string): Promise<boolean> {
  return (await driverOf(address)).hasReplicas === true;
}

/** Makes a queue, unless one of this shape exists. @throws Failure (data) when it has another shape, (usage) */
export async function makeQueue(address: string, shape: Shape, settings: QueueSettings): Promise<void> {
  await (await driverOf(address)).make(address, shape, settings);
}

/** Deletes a queue with its messages. @returns whether it existed @throws Failure (temporary) when in use, (usage) */
export async function dropQueue(address: string, settings: QueueSettings): Promise<boolean> {
  return (await driverOf(address)).drop(address, settings);
}

async function driverOf(address: string): Promise<QueueDriver> {
  const { default: driver } = await findDriver('queue', drivers, parseAddress(address))();
  return driver;
}
