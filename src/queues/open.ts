/** From an address to its queue. */

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

/** @returns the address, when a driver takes it @throws Failure (usage) */
export function parseQueueAddress(text: string): string {
  const address = parseAddress(text);
  findDriver('queue', drivers, address);
  checkUrl(address);
  return text;
}

/**
 * Touches nothing yet. The first put makes a file that is missing, no other queue; a taker waits for a file; all else
 * throws Failure (no input; unavailable where a server has no such queue).
 *
 * @param needed what is asked of it @throws Failure (usage) for an unknown address, and when its engine lacks what is needed
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

/** What the engine of a queue can do. @throws Failure (usage) */
export async function abilitiesOf(address: string): Promise<ReadonlySet<Ability>> {
  return (await driverOf(address)).abilities(address);
}

/** The queues that an address stands for: itself, or all of an engine. @throws Failure */
export async function listQueues(address: string, settings: QueueSettings): Promise<string[]> {
  return (await (await driverOf(address)).list?.(address, settings)) ?? [address];
}

/** Whether `stats` tells the replicas of a queue. @throws Failure (usage) */
export async function hasReplicas(address: string): Promise<boolean> {
  return (await driverOf(address)).hasReplicas === true;
}

/** Makes a queue. Does nothing when it is there, of this shape. @throws Failure (data) when it is of another, (usage) */
export async function makeQueue(address: string, shape: Shape, settings: QueueSettings): Promise<void> {
  await (await driverOf(address)).make(address, shape, settings);
}

/** Deletes a queue with all of its messages. @returns whether there was one @throws Failure (temporary) when messages are out, (usage) */
export async function dropQueue(address: string, settings: QueueSettings): Promise<boolean> {
  return (await driverOf(address)).drop(address, settings);
}

async function driverOf(address: string): Promise<QueueDriver> {
  const { default: driver } = await findDriver('queue', drivers, parseAddress(address))();
  return driver;
}
