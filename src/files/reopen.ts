import { constants, openSync } from 'node:fs';

/**
 * Opens what a descriptor stands for once more, so that it does not block, which changes nothing for others who have it.
 *
 * @returns undefined where the system cannot, or does not allow it
 */
export function openAgain(descriptor: number, access: number): number | undefined {
  try {
    return openSync(`/proc/self/fd/${descriptor}`, access | constants.O_NONBLOCK);
  } catch {
    return undefined;
  }
}
