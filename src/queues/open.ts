/** From an address to its queue. */

import { type Drivers, findDriver } from '../addresses/drivers.ts';
import { checkUrl, parseAddress } from '../addresses/parse.ts';
import type { Queue, QueueDriver, QueueSettings, Shape } from './queue.ts';

const drivers: Drivers<QueueDriver> = {
  '': () => import('./file-driver.ts'),
};

/** @returns the address, when a driver takes it @throws Failure (usage) */
export function parseQueueAddress(text: string): string {
  const address = parseAddress(text);
  findDriver('queue', drivers, address);
  checkUrl(address);
  return text;
}

/**
 * Touches nothing yet. The first put makes a queue that is missing; a taker waits for it; all else throws Failure (no input).
 *
 * @throws Failure (usage) for an unknown address
 */
export async function openQueue(address: string, settings: QueueSettings): Promise<Queue> {
  return (await driverOf(address)).open(address, settings);
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
