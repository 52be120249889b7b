/**
 * load-stats: upsert stats rows into a store, by their key (sensor, window, end).
 *
 * stdin   stats rows, CSV with a header or NDJSON      stdout  nothing; with --dry-run the rows
 * STORE   takes each batch whole or not at all; the same rows again change nothing
 * Memory: two batches of rows; a CSV store as a whole.
 */

import { showAddress } from '../addresses/show.ts';
import { gather } from '../async/gather.ts';
import { defineTool, type Io, rejectOptions, wholeNumber } from '../cli/tool.ts';
import { Failure, status } from '../failure.ts';
import { Spool } from '../files/spool.ts';
import {
  type Column,
  formatRows,
  type Row,
  type RowFormat,
  rowFormat,
  rowOptions,
} from '../lines/format-rows.ts';
import type { Reject } from '../lines/line.ts';
import { parseDuration } from '../readings/duration.ts';
import { readStatsRows } from '../readings/stats-lines.ts';
import { columnNames, rowFields, type StatsRow, statsColumns } from '../readings/stats-row.ts';
import { openStore, parseStoreAddress } from '../stores/open.ts';
import { SpooledStore } from '../stores/spooled.ts';
import type { Outcome, Store } from '../stores/store.ts';

/** A batch is due when input paused for so long, or at the latest after this time. */
const IDLE_MS = 50;
const LONGEST_MS = 2000;

export default defineTool({
  name: 'load-stats',
  summary: 'Upsert stats rows into a store; a row already there is replaced only by a better one.',
  operands: '[FILE...]',
  options: {
    to: {
      type: 'text',
      env: 'ETL_STORE',
      default: 'stats.db',
      parse: parseStoreAddress,
      describe: 'the STORE: a SQLite file, FILE.csv, postgres://..., or http(s)://...',
    },
    'on-conflict': {
      type: 'text',
      choices: ['more', 'replace', 'skip'],
      default: 'more',
      describe: 'replace a stored row: if the new one counts as many readings or more; always; never',
    },
    spool: {
      type: 'text',
      describe: 'keep rows in this folder while STORE is down; they go first next time',
    },
    batch: {
      type: 'text',
      parse: wholeNumber(1),
      default: '10000',
      describe: 'rows per transaction, at most',
    },
    wait: {
      type: 'text',
      parse: parseDuration,
      default: '10s',
      describe: 'how long to wait for other writers',
    },
    timeout: { type: 'text', parse: parseDuration, default: '10s', describe: 'how long a server may take' },
    'dry-run': { type: 'flag', describe: 'print the rows that would be loaded; touch nothing' },
    ...rowOptions,
    ...rejectOptions,
  },
  examples: [
    ['get-stats -w 1h temperature.log | $0', 'into the table stats of stats.db'],
    ['get-stats log | $0 --to http://host/api/stats --spool spool', 'lose nothing while it is down'],
  ],
  notes:
    'A row needs the columns sensor,window,start,end,count,min,max,avg, in any order; further\n' +
    'ones are added to STORE. Its key is (sensor, window, end). A server gets $ETL_TOKEN as its\n' +
    'bearer token, or what its URL says; Postgres a password from its URL, $PGPASSWORD or ~/.pgpass.\n' +
    'When STORE is busy or down the status is 75. What it refuses is put aside in the spool; use\n' +
    'one spool per STORE.',
  async *run(options, io, files) {
    const rows = batches(readStatsRows(io.lines(files), io.reject), options.batch, io);
    if (options['dry-run']) {
      yield* preview(rows, rowFormat(options));
      return;
    }
    const lock = { waitMs: options.wait };
    const direct = await openStore(options.to, {
      ...lock,
      timeoutMs: options.timeout,
      token: io.env.ETL_TOKEN,
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
      for await (const batch of rows) explain(options.to, await store.upsert(batch, onConflict), io);
    } finally {
      direct.close();
    }
  },
});

/** Rows in batches of at most `most`, or of what came until the input paused. */
async function* batches(
  arriving: AsyncIterable<StatsRow[]>,
  most: number,
  io: Io,
): AsyncGenerator<StatsRow[]> {
  for await (const arrays of gather(arriving, { idleMs: IDLE_MS, longestMs: LONGEST_MS, most })) {
    const rows = arrays.flat();
    io.accept(rows.length);
    for (let at = 0; at < rows.length; at += most) yield rows.slice(at, at + most);
  }
}

/** What a spooled store needs of the world. */
function spoolInput(io: Io) {
  const refuse: Reject = ({ source, number }, { detail }) => {
    throw new Failure(status.data, `${source}:${number}: ${detail}`);
  };
  return {
    async read(path: string) {
      const rows: StatsRow[] = [];
      for await (const some of readStatsRows(io.lines([path]), refuse)) rows.push(...some);
      return rows;
    },
    fail: io.fail,
    now: io.now,
  };
}

function explain(address: string, outcome: Outcome | undefined, io: Io): void {
  if (outcome === undefined) return;
  const { inserted, replaced, kept } = outcome;
  io.explain(`${showAddress(address)}: ${inserted} inserted, ${replaced} replaced, ${kept} kept`);
}

/** The rows as they would be loaded; further columns that change on the way start a new header. */
async function* preview(rows: AsyncGenerator<StatsRow[]>, format: RowFormat): AsyncGenerator<string> {
  let next = await rows.next();
  while (!next.done) {
    const columns = previewColumns(next.value);
    const alike = async function* (): AsyncGenerator<Row[]> {
      for (; !next.done && sameColumns(previewColumns(next.value), columns); next = await rows.next())
        yield next.value.map((row) =>
          rowFields(
            row,
            columns.map(({ name }) => name),
          ),
        );
    };
    yield* formatRows(alike(), columns, format);
  }
}

function previewColumns(rows: readonly StatsRow[]): Column[] {
  const further = columnNames(rows).slice(statsColumns.length);
  return [...statsColumns, ...further.map((name) => ({ name, type: 'text' as const }))];
}

function sameColumns(a: readonly Column[], b: readonly Column[]): boolean {
  return a.length === b.length && a.every(({ name }, at) => name === b[at]?.name);
}
