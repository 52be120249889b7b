/** Queue files: open, make and drop. */

import { SqliteDatabase } from '../../databases/sqlite-database.ts';
import { sqliteFailure, untilFree } from '../../databases/sqlite-failure.ts';
import { version } from '../../databases/sqlite-files.ts';
import { Failure, status } from '../../failure.ts';
import { removeTemporary, tryToRemove } from '../../files/remove.ts';
import { resolveTarget } from '../../files/resolve-target.ts';
import { allAbilities } from '../abilities.ts';
import type { QueueDriver, QueueSettings, Shape } from '../driver.ts';
import { Leases } from './leases.ts';
import { openFile } from './queue.ts';
import { openQueueFile, shapeOf } from './schema.ts';

const MAX_PARTITIONS = 1000;

const driver: QueueDriver = { abilities: () => allAbilities, open: openFile, make, drop };
export default driver;

async function make(address: string, shape: Shape, settings: QueueSettings): Promise<void> {
  checkShape(address, shape);
  const found = await withFile(address, shape, settings, shapeOf);
  for (const name of ['partitions', 'keep', 'maxBytes'] as const)
    if (shape[name] !== undefined && JSON.stringify(shape[name]) !== JSON.stringify(found[name]))
      throw new Failure(status.data, `${address}: has another shape: ${shown(found)}`);
}

function checkShape(address: string, { partitions, replication }: Shape): void {
  if (address.endsWith('#dead'))
    throw new Failure(status.usage, `${address}: dead letters have the shape of their queue`);
  if (replication !== undefined && replication !== 1)
    throw new Failure(status.usage, `${address}: a file has no replicas`);
  if (
    partitions !== undefined &&
    !(Number.isInteger(partitions) && partitions >= 1 && partitions <= MAX_PARTITIONS)
  )
    throw new Failure(status.usage, `${address}: partitions must be 1 to ${MAX_PARTITIONS}`);
}

function shown({ partitions, keep, maxBytes }: Shape): string {
  const kept =
    keep === undefined ? undefined : 'ms' in keep ? `keep ${keep.ms} ms` : `keep ${keep.bytes} bytes`;
  const most = maxBytes === undefined ? undefined : `max ${maxBytes} bytes`;
  return [`${partitions} partitions`, kept, most].filter((text) => text !== undefined).join(', ');
}

async function drop(address: string, settings: QueueSettings): Promise<boolean> {
  if (address.endsWith('#dead'))
    throw new Failure(status.usage, `${address}: dead letters go with their queue`);
  const path = resolveTarget(address);
  if (version(path) === '') return false;
  const leases = await Leases.of(path);
  if (leases.areHeld()) throw new Failure(status.temporary, `${address}: in use`);
  // Throws when the file is not a queue.
  await withFile(address, undefined, settings, () => {});
  removeTemporary(path, address);
  for (const suffix of ['-wal', '-shm']) tryToRemove(`${path}${suffix}`);
  leases.removeLeftOver();
  return true;
}

async function withFile<Result>(
  address: string,
  shape: Shape | undefined,
  { waitMs, signal }: QueueSettings,
  work: (database: ReturnType<typeof openQueueFile>) => Result,
): Promise<Result> {
  const database = new SqliteDatabase(address, (path) => openQueueFile(path, shape));
  try {
    return await untilFree(() => database.use(work), waitMs, signal);
  } catch (error) {
    throw sqliteFailure(address, error);
  } finally {
    await database.close(signal.aborted);
  }
}
