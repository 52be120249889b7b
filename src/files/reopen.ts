import { constants, openSync } from 'node:fs';

/**
 * Opens the file or pipe of a descriptor again, without blocking. O_NONBLOCK on the old one would change it for all
 * processes that share it.
 *
 * @param access O_RDONLY or O_WRONLY @returns undefined where the system cannot or does not allow it
 */
export function openAgain(descriptor: number, access: number): number | undefined {
  try {
    return openSync(`/proc/self/fd/${descriptor}`, access | constants.O_NONBLOCK);
  } catch {
    return undefined;
  }
}
