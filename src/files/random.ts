/** Random bytes. */

import { closeSync, openSync } from 'node:fs';
import { readAt } from './read-at.ts';

/** An object, so that tests can replace `fill`. */
export const random = {
  /**
   * Fills `space` with unpredictable bytes, read from the kernel: loading Node's crypto takes 3 ms in each thread.
   *
   * @param device if it cannot be read, Node's crypto is used
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
