import { constants, openSync } from 'node:fs';

/**
 * Opens the file or pipe of a descriptor again, so that the new descriptor does not block. The old one stays as it is, for
 * all processes that have it.
 *
 * @param access O_RDONLY or O_WRONLY @returns undefined where the system cannot, or does not allow it
 */
export function openAgain(descriptor: number, access: number): number | undefined {
  try {
    return openSync(`/proc/self/fd/${descriptor}`, access | constants.O_NONBLOCK);
  } catch {
    return undefined;
  }
}
