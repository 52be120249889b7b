/** Creates folders with their parents. */

import { mkdirSync, realpathSync, statSync } from 'node:fs';
import { dirname } from 'node:path';
import { errorCode } from '../failure.ts';
import { syncFolder } from './replace.ts';

/** Others may remove a parent while its child is created. */
const MAX_TRIES = 10;

/**
 * Creates a folder and its parents.
 *
 * Not with Node's `recursive`: it loops for ever, deaf to signals, where a folder exists but nothing can be created in
 * it: in a removed working directory, and below /proc.
 *
 * @returns the topmost folder created; undefined when all existed @throws the system's error
 */
export function makeFolders(path: string, mode = 0o777): string | undefined {
  let topmost: string | undefined;
  for (let tries = 1; ; tries++)
    try {
      mkdirSync(path, { mode });
      return topmost ?? path;
    } catch (error) {
      if (errorCode(error) === 'EEXIST' && statSync(path).isDirectory()) return topmost;
      const above = dirname(path);
      if (errorCode(error) !== 'ENOENT' || above === path || tries === MAX_TRIES) throw error;
      topmost = makeFolders(above, mode) ?? topmost;
    }
}

/** The same, durable when it returns. @throws the system's error */
export function makeDurableFolders(path: string): void {
  const topmost = makeFolders(path);
  if (topmost === undefined) return;
  for (let folder = realpathSync.native(path); ; folder = dirname(folder)) {
    syncFolder(dirname(folder));
    if (folder === realpathSync.native(topmost)) return;
  }
}
