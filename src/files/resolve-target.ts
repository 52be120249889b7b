/** Finds the file to which a name leads. */

import { readlinkSync, realpathSync, statSync } from 'node:fs';
import { basename, dirname, join, resolve } from 'node:path';
import { errorCode, Failure, readFailure, status } from '../failure.ts';

/**
 * The real path of a file that exists or is to be created. Follows dangling symbolic links, too.
 *
 * @throws Failure (no input) when it is a folder or its folder is missing, (I/O) when it is not a regular file
 */
export function resolveTarget(name: string): string {
  try {
    const path = realpathSync.native(name);
    const stat = statSync(path);
    if (stat.isDirectory()) throw new Failure(status.noInput, `${name}: is a directory`);
    if (!stat.isFile()) throw new Failure(status.io, `${name}: is not a regular file and cannot be replaced`);
    return path;
  } catch (error) {
    if (errorCode(error) !== 'ENOENT') throw readFailure(name, error);
  }
  try {
    const path = join(realpathSync.native(dirname(name)), basename(name));
    const link = linkAt(path);
    return link === undefined ? path : resolveTarget(resolve(dirname(path), link));
  } catch (error) {
    throw readFailure(name, error);
  }
}

/** The target of a symbolic link, dangling or not; undefined when the path is not a link. */
function linkAt(path: string): string | undefined {
  try {
    return readlinkSync(path);
  } catch (error) {
    if (['EINVAL', 'ENOENT'].includes(errorCode(error) ?? '')) return undefined;
    throw error;
  }
}
