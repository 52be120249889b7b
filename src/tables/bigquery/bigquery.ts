/**
 * A table of a BigQuery dataset, `bigquery://PROJECT/DATASET`.
 *
 * Rows are uploaded as text into a staging table, and moved into the table by one statement: INSERT, or MERGE with a key.
 * Only that statement changes the table, and its job has a fixed name: when a response was lost, the repeated request loads
 * nothing twice. Statements, unlike load jobs, are not limited to 1,500 a day per table.
 *
 * BigQuery enforces no unique keys: with a key, all rows of the table with that key are updated. Columns are never widened.
 * Memory: the rows of a batch, three times during the upload.
 */

import { parseAddress } from '../../addresses/parse.ts';
import { BadRows, Failure, isTemporary, status } from '../../failure.ts';
import type { Batch } from '../input/batch.ts';
import { isPlainTime } from '../input/plain-time.ts';
import { bigqueryLimits } from '../limits.ts';
import { retrying } from '../retrying.ts';
import type { Refusal, Table, TableSettings } from '../table.ts';
import { explainChanges, findChanges } from '../table-changes.ts';
import { BigqueryApi, type Place, randomName } from './api.ts';
import { type Csv, foldByKey, type Row, RowSet, toCsv } from './row-set.ts';
import {
  addStatement,
  type BigqueryColumn,
  columnOf,
  createStagingStatement,
  createStatement,
  insertStatement,
  mergeStatement,
  newColumn,
  quoted,
  stagingColumns,
} from './statements.ts';

export default function openBigqueryTable(address: string, settings: TableSettings): Table {
  return new BigqueryTable(parsePlace(address), { ...settings, onMismatch: 'reject' });
}

/** @throws Failure (usage) */
function parsePlace(text: string): Place {
  const { shown, rest } = parseAddress(text);
  const [, project, dataset] = /^\/\/([a-z0-9-]+)\/(\w+)\/?$/i.exec(rest) ?? [];
  if (project !== undefined && dataset !== undefined) return { project, dataset, shown };
  throw new Failure(status.usage, `${shown}: malformed address (write bigquery://PROJECT/DATASET)`);
}

class BigqueryTable implements Table {
  readonly limits = bigqueryLimits;
  readonly #place: Place;
  readonly #settings: TableSettings;
  readonly #api: BigqueryApi;
  #pending = new RowSet();
  #mayAlter: boolean;

  constructor(place: Place, settings: TableSettings) {
    this.#place = place;
    this.#settings = settings;
    this.#api = new BigqueryApi(place, settings);
    this.#mayAlter = settings.alter;
  }

  async columns(): Promise<BigqueryColumn[] | undefined> {
    const fields = await retrying(this.#settings, () => this.#api.fields(this.#settings.table));
    this.#mayAlter ||= fields === undefined;
    return fields?.map(columnOf);
  }

  async load(batch: Batch): Promise<readonly Refusal[]> {
    batch.undouble();
    batch.toUtc(isPlainTime);
    this.#pending.add(batch);
    if (this.#settings.isOneTransaction) return [];
    const set = this.#taken();
    return this.#inHalves(set, 0, set.length);
  }

  async commit(): Promise<void> {
    const set = this.#taken();
    if (set.length > 0) await this.#store(set, set.rows());
  }

  async close(): Promise<void> {}

  #taken(): RowSet {
    const taken = this.#pending;
    this.#pending = new RowSet();
    return taken;
  }

  /** BigQuery refuses rows together, without saying which: bisection finds the bad ones. @param to exclusive */
  async #inHalves(set: RowSet, from: number, to: number): Promise<Refusal[]> {
    try {
      await this.#store(set, set.rows(from, to));
      return [];
    } catch (error) {
      if (!(error instanceof BadRows)) throw error;
      if (to - from === 1)
        return [{ row: from, reason: error.message.replace(`${this.#place.shown}: `, '') }];
      const middle = (from + to) >> 1;
      const refused = await this.#inHalves(set, from, middle);
      return [...refused, ...(await this.#inHalves(set, middle, to))];
    }
  }

  /** @throws Failure (temporary, unavailable), BadRows; then nothing is loaded */
  async #store(set: RowSet, rows: Iterable<Row>): Promise<void> {
    const settings = { ...this.#settings, alter: this.#mayAlter };
    const key = settings.key.map((name) => set.find(name) ?? 0);
    const csv = toCsv(key.length === 0 ? rows : foldByKey(rows, key, set.types), set.names.length);
    const name = randomName();
    await retrying(settings, async () => {
      const columns = await this.#readyTable(set, settings);
      const staging = randomName();
      await this.#stage(staging, columns.length, csv);
      const [table, from] = [this.#quoted(settings.table), this.#quoted(staging)];
      const statement =
        key.length === 0 ? insertStatement(table, from, columns) : mergeStatement(table, from, columns, key);
      try {
        await this.#api.query(statement, name);
      } catch (error) {
        // A statement with a temporary failure may still be running, and needs the staging table, which expires.
        if (!isTemporary(error)) await this.#api.drop(staging);
        throw error;
      }
      await this.#api.drop(staging);
    });
  }

  async #stage(table: string, width: number, csv: Csv): Promise<void> {
    const columns = stagingColumns(width);
    await this.#api.query(createStagingStatement(this.#quoted(table), columns));
    await this.#api.upload(table, columns, csv);
  }

  /** Creates or extends the table to fit the rows. @returns the table's column for each column of the rows */
  async #readyTable(set: RowSet, settings: TableSettings): Promise<BigqueryColumn[]> {
    const before = (await this.#api.fields(settings.table))?.map(columnOf);
    const changes = findChanges(set, before, settings, bigqueryLimits.decimalDigits);
    const added = changes.added.map(newColumn);
    const table = this.#quoted(settings.table);
    if (changes.isNew) await this.#api.query(createStatement(table, added));
    else if (added.length > 0) await this.#api.query(addStatement(table, added));
    explainChanges(changes, settings);
    const known = new Map([...(before ?? []), ...added].map((column) => [column.name, column]));
    return changes.targets.map((target) => known.get(target.name) ?? newColumn(target));
  }

  #quoted(table: string): string {
    return quoted(this.#place.project, this.#place.dataset, table);
  }
}
