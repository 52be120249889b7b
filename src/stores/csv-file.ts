/**
 * A store in a CSV file: a header, and one line per key. For data that fits into memory, and any program that reads
 * CSV.
 *
 * The file is read whole, and replaced atomically under a lock. Rows keep their order, columns and digits; a file that
 * is not such a table is left alone. Windows with names of older versions, such as `60m` for `1h`, get their canonical
 * name when the file is next replaced.
 */

import { isUtf8 } from 'node:buffer';
import { CsvError, parse } from 'csv-parse/sync';
import { stringify } from 'csv-stringify/sync';
import { errorCode, Failure, status, storageStatus } from '../failure.ts';
import { versionOf, withLocked } from '../files/replace.ts';
import { csvStyle } from '../lines/csv.ts';
import type { Rejection } from '../lines/line.ts';
import {
  columnNames,
  columnProblem,
  isRejection,
  parseStatsRow,
  rowFields,
  rowKey,
  type StatsRow,
} from '../readings/stats-row.ts';
import { fitRows } from './fit-rows.ts';
import { decide, type OnConflict, type Store, type StoreSettings } from './store.ts';

interface Place {
  readonly at: number;
  readonly count: number;
  /** Whether the file has another name for its window. */
  readonly isRenamed: boolean;
}

interface Table {
  readonly columns: string[];
  /** Fields in the order of the columns; may be shorter than the header. */
  readonly records: (readonly string[])[];
  /** By key: the index in `records`, and the count. */
  readonly stored: Map<string, Place>;
}

export default function openCsv(
  address: string,
  { waitMs, mostBytes = Number.POSITIVE_INFINITY }: StoreSettings,
): Store {
  /** Runs `work` on the table, and replaces the file if the table has changed. */
  const change = async <Result>(work: (table: Table) => { result: Result; changed: boolean }) => {
    try {
      return await withLocked(address, { waitMs }, (file) => {
        for (;;) {
          const version = versionOf(file.path);
          const table = readTable(address, file.read());
          const { result, changed } = work(table);
          // Another program may have replaced the file.
          if (changed && versionOf(file.path) !== version) continue;
          if (changed) file.replace(withinLimit(formatTable(table), address, mostBytes));
          return result;
        }
      });
    } catch (error) {
      throw csvFailure(error);
    }
  };
  return {
    upsert: (rows, onConflict) =>
      change((table) => {
        const { fitting, refused } = fitRows({ address, columns: table.columns, foldsCase: false }, rows);
        const { outcome, changed } = merge(table, fitting, onConflict);
        return { result: { ...outcome, refused }, changed };
      }),
    remove: (rows) =>
      change(({ records, stored }) => {
        const gone = new Set(
          rows.flatMap((row) => {
            const place = stored.get(rowKey(row));
            return place !== undefined && place.count <= row.count ? [place.at] : [];
          }),
        );
        const left = records.filter((_, at) => !gone.has(at));
        // splice would pass all records as arguments, whose number is limited.
        records.length = 0;
        for (const record of left) records.push(record);
        return { result: gone.size, changed: gone.size > 0 };
      }),
    async close() {},
  };
}

/** The rows of a file in order; none for an empty file. @throws Failure (unavailable) when it is not such a table */
export function readCsvRows(address: string, content: Buffer): StatsRow[] {
  const { columns, records } = readTable(address, content);
  const rows = records.map((fields) => readRow(columns, fields));
  return rows.filter((row): row is StatsRow => !isRejection(row));
}

function readRow(columns: readonly string[], fields: readonly string[]): StatsRow | Rejection {
  return parseStatsRow(new Map(columns.map((name, at) => [name, fields[at] ?? ''])));
}

function readTable(address: string, content: Buffer = Buffer.alloc(0)): Table {
  const refuse = (problem: string) => new Failure(status.unavailable, `${address}${problem}`);
  // Invalid bytes would not survive rewriting.
  if (!isUtf8(content)) throw refuse(': is not UTF-8');
  const [header, ...records] = parseRecords(content, refuse);
  const table: Table = { columns: header?.fields ?? columnNames([]), records: [], stored: new Map() };
  const problem = columnProblem(table.columns);
  if (problem !== undefined) throw refuse(`:1: ${problem}`);
  for (const { fields, line } of records) {
    if (fields.length !== table.columns.length)
      throw refuse(`:${line}: row has ${fields.length} fields, its header ${table.columns.length}`);
    const row = readRow(table.columns, fields);
    if (isRejection(row)) throw refuse(`:${line}: ${row.detail}`);
    addRecord(table, fields, row);
  }
  return table;
}

/**
 * When two names of a window give the same key, the row with more readings stays; at equal counts the canonically named
 * one, else the earlier.
 */
function addRecord({ columns, records, stored }: Table, fields: readonly string[], row: StatsRow): void {
  const at = columns.indexOf('window');
  const isRenamed = fields[at] !== row.window;
  const record = isRenamed ? fields.with(at, row.window) : fields;
  const key = rowKey(row);
  const twin = stored.get(key);
  if (twin === undefined || !(isRenamed || twin.isRenamed))
    stored.set(key, { at: records.push(record) - 1, count: row.count, isRenamed });
  else if (row.count > twin.count || (row.count === twin.count && !isRenamed)) {
    records[twin.at] = record;
    stored.set(key, { at: twin.at, count: row.count, isRenamed });
  }
}

function parseRecords(content: Buffer, refuse: (problem: string) => Failure) {
  const records: { readonly fields: string[]; readonly line: number }[] = [];
  try {
    parse(content, {
      bom: true,
      relax_column_count: true,
      skip_empty_lines: true,
      on_record: (fields: string[], { lines }) => {
        records.push({ fields, line: lines });
        return null;
      },
    });
  } catch (error) {
    if (!(error instanceof CsvError)) throw error;
    throw refuse(`:${error.lines}: is not CSV: ${error.message.split(':', 1)}`);
  }
  return records;
}

function merge(table: Table, rows: readonly StatsRow[], onConflict: OnConflict) {
  const { columns, records, stored } = table;
  const outcome = { inserted: 0, replaced: 0, kept: 0 };
  const added = columnNames(rows).filter((name) => !columns.includes(name));
  columns.push(...added);
  let changed = added.length > 0;
  for (const row of rows) {
    const key = rowKey(row);
    const old = stored.get(key);
    const what = decide(onConflict, old?.count, row.count);
    outcome[what] += 1;
    if (what === 'kept') continue;
    const at = old?.at ?? records.length;
    const fields = rowFields(row, columns);
    changed ||= fields.some((field, column) => field !== records[at]?.[column]);
    records[at] = fields;
    stored.set(key, { at, count: row.count, isRenamed: false });
  }
  return { outcome, changed };
}

/** @throws Failure when the text is too long: (I/O), as for a full disk, so that rows wait until there is room */
function withinLimit(text: string, address: string, mostBytes: number): string {
  if (Buffer.byteLength(text) > mostBytes)
    throw new Failure(status.io, `${address}: would be longer than ${mostBytes} bytes: use a database`);
  return text;
}

function formatTable({ columns, records }: Table): string {
  return stringify([columns, ...records.map((fields) => columns.map((_, at) => fields[at] ?? ''))], csvStyle);
}

/** Maps the system's error to a status; returns any other error unchanged. */
export function csvFailure(error: unknown): unknown {
  if (!(error instanceof Failure)) return error;
  const code = errorCode(error.cause);
  if (code === undefined && error.status !== status.noInput) return error;
  const kind = code === undefined ? status.unavailable : storageStatus(code);
  return new Failure(kind, error.message, { cause: error });
}
