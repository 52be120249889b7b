/**
 * load-stats: upsert stats rows into a store, by their key (sensor, window, end).
 *
 * stdin   stats rows, CSV with a header or NDJSON      stdout  nothing, or the rows with --dry-run
 * STORE   takes each batch whole or not at all; loading the same rows again changes nothing
 * Memory: two batches of rows; a CSV store is held in memory whole.
 */

import { showAddress } from '../addresses/show.ts';
import { collect } from '../async/collect.ts';
import { gather } from '../async/gather.ts';
import { aheadOption } from '../cli/ahead-option.ts';
import { encodingOption } from '../cli/encoding-option.ts';
import { inGroup } from '../cli/option.ts';
import { rowFormat, rowOptions } from '../cli/row-options.ts';
import { defineTool, type Io, inputFiles, rejectOptions } from '../cli/tool.ts';
import { durationValue, numberValue, waitValue } from '../cli/value-kinds.ts';
import { BadRows, Failure, status } from '../failure.ts';
import { storeFiles } from '../files/command-files.ts';
import { Spool } from '../files/spool.ts';
import { parseToken } from '../http/token.ts';
import type { Line, Reject } from '../lines/line.ts';
import { FutureCheck } from '../readings/ahead.ts';
import { previewRows } from '../readings/preview-rows.ts';
import { readStatsRows } from '../readings/stats-lines.ts';
import type { StatsRow } from '../readings/stats-row.ts';
import { openStore, parseStoreAddress } from '../stores/open.ts';
import { SpooledStore } from '../stores/spooled-store.ts';
import type { Outcome, Refused, Store } from '../stores/store.ts';

/** A batch is loaded once input pauses for IDLE_MS, but at most LONGEST_MS after its first row. */
const IDLE_MS = 50;
const LONGEST_MS = 2000;

export default defineTool({
  name: 'load-stats',
  summary: 'Upsert stats rows into a store; a stored row is replaced only by a more complete one.',
  operands: '[FILE...]',
  options: {
    to: {
      type: 'text',
      value: 'STORE',
      env: 'ETL_STORE',
      default: 'stats.db',
      parse: parseStoreAddress,
      describe: 'the STORE: a SQLite file, FILE.csv, postgres://..., or http(s)://...',
    },
    'on-conflict': {
      type: 'text',
      choices: ['more', 'replace', 'skip'],
      default: 'more',
      describe: 'if the row exists already: more replaces it with one of at least as many readings',
    },
    spool: {
      type: 'text',
      value: 'FOLDER',
      describe: 'folder that keeps rows while STORE is down; the next run loads them first',
    },
    'dry-run': { type: 'flag', describe: 'print the rows that would be loaded and touch nothing' },
    ...inGroup('Waiting', {
      batch: { ...numberValue(1), default: '10000', describe: 'rows per transaction' },
      wait: { ...waitValue, default: '10s', describe: 'how long to wait for other writers' },
      timeout: { ...durationValue, default: '10s', describe: 'how long a server may take to answer' },
    }),
    ...aheadOption,
    ...encodingOption,
    ...rowOptions,
    ...rejectOptions,
  },
  stores: true,
  examples: [
    ['get-stats -w 1h temperature.log | $0', 'into the table stats of stats.db'],
    ['get-stats log | $0 --to http://host/api/stats --spool spool', 'lose nothing while the server is down'],
  ],
  notes:
    'A row needs the columns sensor,window,start,end,count,min,max,avg, in any order; further\n' +
    'columns are added to STORE. Its key is (sensor, window, end). A server gets the token in\n' +
    '$ETL_TOKEN or the credentials in its URL; Postgres the password in its URL, $PGPASSWORD or\n' +
    '~/.pgpass. A row that STORE refuses, by a constraint for example, is rejected like a bad line, or\n' +
    'put aside in the spool; the others are loaded. While STORE may not be used or is not set up (69),\n' +
    'its disk is full (74), or it is busy or down (75), rows wait in the spool. Use one spool per STORE.',
  files: ({ to, 'dry-run': isDry }, operands) => ({
    inputs: inputFiles(operands),
    outputs: isDry ? [] : storeFiles(to),
  }),
  async *run(options, io, files) {
    const future = new FutureCheck({ ...io, ahead: options.ahead });
    const lines = io.lines(files, { encoding: options.encoding, mayEndInReturns: true });
    const rows = readRows(lines, future, io);
    // Nothing of a batch is loaded before all of its lines are known to be rows.
    const arriving = io.isBatch ? held(rows) : batches(rows, options.batch);
    if (options['dry-run']) {
      yield* previewRows(accepted(arriving, io), rowFormat(options));
      return;
    }
    const lock = { waitMs: options.wait };
    const direct = await openStore(options.to, {
      ...lock,
      timeoutMs: options.timeout,
      token: parseToken(io.env.ETL_TOKEN ?? '', '$ETL_TOKEN'),
      allOrNothing: io.isBatch,
      signal: io.signal,
    });
    const onConflict = options['on-conflict'];
    try {
      let store: Store = direct;
      if (options.spool !== undefined) {
        const spooled = new SpooledStore(direct, new Spool(options.spool, lock, io.now), spoolInput(io));
        await spooled.drain(onConflict);
        store = spooled;
      }
      for await (const batch of arriving) {
        const outcome = await store.upsert(batch.map(rowOf), onConflict);
        account(batch, outcome?.refused ?? [], io);
        explain(options.to, outcome, io);
      }
    } catch (error) {
      // Status 65 tells queue-take that the rows are to blame.
      if (!io.isBatch || !(error instanceof BadRows)) throw error;
      throw new Failure(status.data, error.message, { cause: error });
    } finally {
      await direct.close();
    }
  },
});

/** A row, and its line. */
interface ReadRow {
  readonly row: StatsRow;
  readonly line: Line;
}

const rowOf = ({ row }: ReadRow): StatsRow => row;

async function* readRows(
  lines: AsyncIterable<Line[]>,
  future: FutureCheck,
  io: Io,
): AsyncGenerator<ReadRow[]> {
  let rows: ReadRow[] = [];
  const arriving = readStatsRows(lines, io.reject, {
    check: (row) => future.rowRejection(row),
    onRow: (row, line) => rows.push({ row, line }),
  });
  for await (const _ of arriving) {
    yield rows;
    rows = [];
  }
}

/** Batches of at most `most` rows; a pause of the input ends a batch early. */
async function* batches(arriving: AsyncIterable<ReadRow[]>, most: number): AsyncGenerator<ReadRow[]> {
  for await (const arrays of gather(arriving, { idleMs: IDLE_MS, maxMs: LONGEST_MS, fullLength: most })) {
    const rows = arrays.flat();
    for (let at = 0; at < rows.length; at += most) yield rows.slice(at, at + most);
  }
}

async function* held(arriving: AsyncIterable<ReadRow[]>): AsyncGenerator<ReadRow[]> {
  const rows = (await collect(arriving)).flat();
  if (rows.length > 0) yield rows;
}

async function* accepted(batches: AsyncGenerator<ReadRow[]>, io: Io): AsyncGenerator<StatsRow[]> {
  for await (const batch of batches) {
    io.pass(batch.length);
    yield batch.map(rowOf);
  }
}

/** Counts the rows of a batch, and rejects the lines of those that the store refuses. */
function account(batch: readonly ReadRow[], refused: readonly Refused[], io: Io): void {
  io.pass(batch.length - refused.length);
  if (refused.length === 0) return;
  const lines = new Map(batch.map(({ row, line }) => [row, line]));
  for (const { row, failure } of refused) {
    const line = lines.get(row);
    if (line === undefined) throw new Error('the store refused a row that was not sent');
    io.reject(line, { kind: 'refused by the store', detail: failure.message });
  }
}

/** How a spooled store reads its files, reports failures, and reminds of rows that were put aside. */
function spoolInput(io: Io) {
  const refuse: Reject = ({ source, number }, { detail }) => {
    throw new BadRows(`${source}:${number}: ${detail}`);
  };
  return {
    async read(path: string) {
      const rows: StatsRow[] = [];
      try {
        for await (const some of readStatsRows(io.lines([path]), refuse)) rows.push(...some);
      } catch (error) {
        // The header lacks columns.
        if (error instanceof Failure && error.status === status.data) throw new BadRows(error.message);
        throw error;
      }
      return rows;
    },
    fail: io.fail,
    remind: (message: string, isDue: boolean) => (isDue ? io.warn(message) : io.explain(message)),
    now: io.now,
  };
}

function explain(address: string, outcome: Outcome | undefined, io: Io): void {
  if (outcome === undefined) return;
  const { inserted, replaced, kept } = outcome;
  io.explain(`${showAddress(address)}: ${inserted} inserted, ${replaced} replaced, ${kept} kept`);
}
