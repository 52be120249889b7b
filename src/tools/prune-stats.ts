/**
 * prune-stats: remove old rows from a store of statistics.
 *
 * stdin   not read      stdout  with --dry-run, what would be removed
 * It may be killed at any moment, and run concurrently with itself and with tools that load.
 */

import { existsSync } from 'node:fs';
import { isAddress } from '../addresses/parse.ts';
import { aheadOption } from '../cli/ahead-option.ts';
import { keepOption } from '../cli/keep-option.ts';
import { defineTool } from '../cli/tool.ts';
import { waitValue } from '../cli/value-kinds.ts';
import { Failure, status } from '../failure.ts';
import { storeFiles } from '../files/command-files.ts';
import { prunedText, pruneStore, waitingText } from '../prune/prune-store.ts';
import { FutureCheck } from '../readings/ahead.ts';
import { openReader, openStore, parseStoreAddress } from '../stores/open.ts';

/** Time limit of one transaction on a server. */
const TIMEOUT_MS = 60_000;

export default defineTool({
  name: 'prune-stats',
  summary: 'Remove old stats rows from a store once rows of longer windows cover them.',
  operands: 'STORE',
  options: {
    ...keepOption,
    'dry-run': { type: 'flag', describe: 'remove nothing; print what would be removed' },
    wait: { ...waitValue, default: '10s', describe: 'how long to wait for other writers' },
    ...aheadOption,
  },
  examples: [
    ['$0 --keep 1m=30d,1h=5y stats.db', 'minutes for a month, hours for five years, days for ever'],
    ['$0 --dry-run --keep all=7d stats.db', 'what would go'],
  ],
  notes:
    'Windows that are not in the list are kept for ever. A row is removed only if a row of the next longer window in ' +
    'the list covers its time; others are reported, and stay. Ages count from the newest row of the store, or from ' +
    'now if that is earlier. The file of a SQLite store does not shrink: new rows reuse the room. To give it back, ' +
    "once: sqlite3 stats.db 'VACUUM' (which needs as much free disk).",
  files: (_, [store = '']) => ({ inputs: [], outputs: storeFiles(store) }),
  async *run({ keep, 'dry-run': isTrial, wait: waitMs, ahead }, io, [store = '']) {
    if (keep === undefined) throw new Failure(status.usage, 'expected --keep, such as --keep 1m=30d,1h=5y');
    if (!isAddress(store) && !existsSync(store))
      throw new Failure(status.noInput, `${store}: no such file or directory`);
    const settings = {
      waitMs,
      timeoutMs: TIMEOUT_MS,
      token: undefined,
      signal: io.signal,
      allOrNothing: true,
    };
    const reader = await openReader(parseStoreAddress(store), settings);
    const target = await openStore(store, settings);
    const remove = isTrial
      ? async (rows: readonly unknown[]) => rows.length
      : (rows: Parameters<NonNullable<typeof target.remove>>[0]) =>
          target.remove?.(rows) ?? Promise.resolve(0);
    const { latest } = new FutureCheck({ ...io, ahead });
    const counts = { removed: 0, waiting: 0 };
    try {
      for await (const pruned of pruneStore(reader, remove, {
        keep,
        now: io.now(),
        latest,
        signal: io.signal,
      })) {
        counts.removed += pruned.removed;
        counts.waiting += pruned.waiting;
        if (pruned.waiting > 0) io.warn(waitingText(pruned));
        if (isTrial) yield `${prunedText(pruned)}\n`;
        else io.explain(`${prunedText(pruned)} are removed`);
      }
    } finally {
      await reader.close();
      await target.close();
      io.count({ out: counts.removed });
    }
  },
});
