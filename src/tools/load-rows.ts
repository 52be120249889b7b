/**
 * load-rows: put rows into a table of a database, creating it from the rows.
 *
 * stdin   CSV with a header, or NDJSON      stdout  nothing; with --dry-run the rows
 * STORE   takes each batch whole or not at all; with --key, loading the same rows again changes nothing
 * Memory: two batches of rows, some megabytes each.
 */

import { later } from '../async/later.ts';
import { LONGEST_TIMER_MS } from '../async/time-limit.ts';
import { csvFormBy, csvOptions } from '../cli/csv-options.ts';
import { encodingOption } from '../cli/encoding-option.ts';
import { notationBy, notationOptions } from '../cli/notation-options.ts';
import { inGroup } from '../cli/option.ts';
import { defineTool, type Io, inputFiles, rejectOptions } from '../cli/tool.ts';
import { durationValue, numberValue, waitValue } from '../cli/value-kinds.ts';
import { BadRows, Failure, status } from '../failure.ts';
import { storeFiles } from '../files/command-files.ts';
import { parseNames } from '../lines/csv.ts';
import { parseKey, parseTypes } from '../tables/column-options.ts';
import type { Batch } from '../tables/input/batch.ts';
import { previews } from '../tables/input/preview.ts';
import { readRows } from '../tables/input/read-rows.ts';
import { Schema } from '../tables/input/schema.ts';
import { sqliteLimits } from '../tables/limits.ts';
import { openTable, parseDatabaseAddress } from '../tables/open.ts';
import type { Table } from '../tables/table.ts';

export default defineTool({
  name: 'load-rows',
  summary: 'Load CSV, NDJSON or a JSON array into a database table, creating it to fit the rows.',
  operands: '[FILE...]',
  options: {
    to: {
      type: 'text',
      value: 'STORE',
      env: 'ETL_STORE',
      parse: parseDatabaseAddress,
      describe: 'a SQLite file, postgres://..., bigquery://...',
    },
    table: { type: 'text', value: 'TABLE', describe: 'the TABLE in STORE' },
    key: {
      type: 'text',
      value: 'COLUMNS',
      parse: parseKey,
      default: '',
      describe: 'a row replaces the row with the same values in these columns: a,b',
    },
    types: {
      type: 'text',
      value: 'TYPES',
      parse: parseTypes,
      default: '',
      describe: 'column types, regardless of the values: a=text,b=decimal',
    },
    'on-mismatch': {
      type: 'text',
      choices: ['widen', 'reject'],
      default: 'widen',
      describe: 'when a later value does not fit: widen the type of its column, or reject the row',
    },
    alter: { type: 'flag', describe: 'add missing columns to an existing TABLE' },
    'dry-run': { type: 'flag', describe: 'print the rows that would be loaded; touch nothing' },
    ...csvOptions,
    ...inGroup('Input', notationOptions),
    columns: {
      group: 'Input',
      type: 'text',
      value: 'NAMES',
      parse: parseNames,
      manualOnly: true,
      describe: 'with --no-header: what the columns are called (default: column1, column2, ...)',
    },
    ...inGroup('Waiting', {
      batch: { ...numberValue(1), default: '50000', describe: 'maximum rows per transaction' },
      linger: { ...waitValue, default: '1s', describe: 'maximum time that a row waits for others' },
      wait: {
        ...waitValue,
        default: '10s',
        describe: 'how long to wait for other writers, and for a server',
      },
      timeout: { ...durationValue, default: '1m', manualOnly: true, describe: 'how long a server may take' },
      retries: {
        ...numberValue(0),
        default: '5',
        manualOnly: true,
        describe: 'maximum retries of a batch when its connection is lost',
      },
    }),
    ...encodingOption,
    ...rejectOptions,
  },
  stores: true,
  examples: [
    ['parse-log log | $0 --to logs.db --table log', 'a batch'],
    ['tail -F x | parse-log | $0 --to postgres://db/logs --table logs', 'a stream'],
  ],
  notes:
    'The values decide whether a column is integer, decimal, timestamp (RFC 3339 with an offset), boolean or text ' +
    '(007 is text). The table is the same however rows fell into batches; so a number, time or truth value in a text ' +
    'column has one spelling (1.50 is 1.5, TRUE is true, times are in UTC), except with --types a=text, or in a ' +
    'column that others made. A key is integer, or text as it came: 10.10 and 10.1 are two. With another type, by ' +
    '--types or in TABLE, it never changes, and what does not fit is rejected, as for any column of ' +
    'bigquery://PROJECT/DATASET. An empty field is NULL, "" is empty text; what an object lacks is left alone. ' +
    'Without --key, the same rows are added again.',
  files: ({ to, 'dry-run': isDry }, operands) => ({
    inputs: inputFiles(operands),
    outputs: isDry || to === undefined ? [] : storeFiles(to),
  }),
  async *run(options, io, files) {
    const { key, alter, types, encoding, columns: columnNames } = options;
    if (columnNames !== undefined && !options['no-header'])
      throw new Failure(status.usage, '--columns needs --no-header');
    const form = { ...csvFormBy(options), columnNames };
    const notation = notationBy(options);
    const onMismatch = options['on-mismatch'];
    const table = options['dry-run']
      ? undefined
      : await openTable(required('to', options.to), {
          ...{ table: required('table', options.table), key, alter, onMismatch },
          ...{ waitMs: options.wait, timeoutMs: options.timeout, retries: options.retries },
          ...{ signal: io.signal, warn: io.warn, explain: io.explain, isOneTransaction: io.isBatch },
          env: io.env,
        });
    try {
      const settings = { types, key, alter, onMismatch, limits: table?.limits ?? sqliteLimits };
      const schema = new Schema(settings, await table?.columns());
      const { batch: maxRows } = options;
      const lingerMs = io.isBatch ? LONGEST_TIMER_MS : options.linger;
      const sources = io.sources(files, {
        encoding,
        mayEndInReturns: true,
        skipLines: options['skip-lines'],
      });
      const { reject, warn, explain } = io;
      const batches = readRows(sources, {
        schema,
        form,
        notation,
        maxRows,
        lingerMs,
        reject,
        warn,
        explain,
      });
      if (table === undefined) yield* previews(accepted(batches, io));
      else if (io.isBatch) await loadWhole(table, batches, io);
      else await loadAll(table, batches, io);
    } finally {
      await table?.close();
    }
  },
});

async function* accepted(batches: AsyncIterable<Batch>, io: Io): AsyncGenerator<Batch> {
  for await (const batch of batches) {
    io.pass(batch.rows);
    yield batch;
  }
}

/** Loads one batch while reading the next. If the input fails, the rows read before are still loaded. */
async function loadAll(table: Table, batches: AsyncGenerator<Batch>, io: Io): Promise<void> {
  let loading = Promise.resolve();
  try {
    for (;;) {
      const next = later(batches.next());
      // Input may be silent for long, so a failed batch is reported without waiting for the next one.
      const { done, value } = await Promise.race([next, loading.then(() => next)]);
      if (done) break;
      await loading;
      loading = later(load(table, value, io));
    }
  } finally {
    await loading;
  }
}

/** Loads all or nothing. @throws Failure (data) if a row is refused */
async function loadWhole(table: Table, batches: AsyncIterable<Batch>, io: Io): Promise<void> {
  let loaded = 0;
  const loadOne = async (batch: Batch) => {
    await table.load(batch);
    io.accept(batch.rows);
    loaded += batch.rows;
  };
  /** Held back until the next batch arrives, so that input of a single batch that fails leaves the table untouched. */
  let last: Batch | undefined;
  try {
    for await (const batch of batches) {
      if (last !== undefined) await loadOne(last);
      last = batch;
    }
    if (last !== undefined) await loadOne(last);
    await table.commit();
    io.count({ out: loaded });
  } catch (error) {
    throw error instanceof BadRows ? new Failure(status.data, error.message, { cause: error }) : error;
  }
}

/** Loads a batch, and rejects each row that the database refuses. */
async function load(table: Table, batch: Batch, io: Io): Promise<void> {
  const refused = await table.load(batch);
  io.pass(batch.rows - refused.length);
  for (const { row, reason } of refused)
    io.reject(batch.records.line(row), { kind: 'refused by the table', detail: reason });
}

/** @throws Failure (usage) */
function required(name: string, value: string | undefined): string {
  if (value !== undefined && value !== '') return value;
  throw new Failure(status.usage, `no --${name} (see load-rows --help)`);
}
