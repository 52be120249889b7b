/** Random bytes. */

import { closeSync, openSync } from 'node:fs';
import { readAt } from './read-at.ts';

/** An object, so that tests can draw what they need. */
export const random = {
  /**
   * Fills `space` with unpredictable bytes, straight from the system: loading Node's own library takes 3 ms in each thread.
   *
   * @param device where it is missing, Node's library draws
   */
  fill(space: Uint8Array, device = '/dev/urandom'): void {
    if (!fillFrom(device, space)) crypto.getRandomValues(space);
  },
};

/** @returns whether the device has filled the space */
function fillFrom(device: string, space: Uint8Array): boolean {
  try {
    const descriptor = openSync(device, 'r');
    try {
      return readAt(descriptor, space, null) === space.length;
    } finally {
      closeSync(descriptor);
    }
  } catch {
    return false;
  }
}
