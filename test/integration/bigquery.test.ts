/** load-rows into BigQuery, as an emulator of it has it. */

import { describe, expect, it } from 'vitest';
import { run } from '../harness.ts';
import { hasServer, server } from '../servers.ts';
import { tableContract } from '../tables/contract.ts';

interface Answer {
  readonly error?: { readonly message: string };
  readonly rows?: readonly { readonly f: readonly { readonly v: string | null }[] }[];
}

describe.runIf(hasServer('bigquery'))('load-rows into BigQuery', () => {
  const bigquery = server('bigquery');
  const env = () => ({ BIGQUERY_EMULATOR_HOST: bigquery.address() });
  const api = (path: string, body: object): Promise<Response> =>
    fetch(`http://${bigquery.address()}/bigquery/v2/projects/project/${path}`, {
      method: 'POST',
      headers: { 'content-type': 'application/json' },
      body: JSON.stringify(body),
    });
  let datasets = 0;

  async function newDataset(): Promise<string> {
    const datasetId = `rows${datasets++}`;
    await api('datasets', { datasetReference: { projectId: 'project', datasetId } });
    return datasetId;
  }

  async function query(dataset: string, sql: string): Promise<string[][]> {
    const defaultDataset = { projectId: 'project', datasetId: dataset };
    const response = await api('queries', { query: sql, useLegacySql: false, defaultDataset });
    const { error, rows = [] } = (await response.json()) as Answer;
    if (error !== undefined) throw new Error(error.message);
    return rows.map(({ f }) => f.map(({ v }) => v ?? 'NULL'));
  }

  tableContract('BigQuery', async () => {
    const dataset = await newDataset();
    return {
      address: `bigquery://project/${dataset}`,
      env: env(),
      query: (sql) => query(dataset, sql),
    };
  }, [
    // The type of a column never changes: what does not fit costs its row.
    'makes a column wider',
    'makes a column of a table with a key wider, also the key',
    'says once that a column is made wider',
    'stores one text for one number, time or truth value, whatever came before',
    'stores the same when writers widen its columns at the same time',
    'keeps keys apart, and finds them again, however they came: codes with leading zeros',
    'keeps keys apart, and finds them again, however they came: whole numbers of any length',
    // Nothing tells a column of text that load-rows has found from another one.
    'keeps text as it came where the user says text, also in later runs',
    // There are no keys and indexes, and names have no quotes.
    'refuses (69) a key that the table does not have',
    'rejects a row that the table refuses, with its line and reason, and loads the others',
    'takes names of any kind',
    // The emulator takes no line breaks within fields, no sum without a name, and minutes.
    'knows NULL from empty text, and keeps what is special',
    'has the types that it is told',
    'finds 50,000 decimal keys again behind one that is not',
    'takes batches of any size',
  ]);

  const count = async (dataset: string) => (await query(dataset, 'SELECT COUNT(*) FROM t'))[0]?.[0];
  const load = (dataset: string, stdin: string, words: readonly string[] = [], more = {}) =>
    run('load-rows', ['--to', `bigquery://project/${dataset}`, '--table', 't', ...words], {
      stdin,
      env: { ...env(), ...more },
    });

  it('knows NULL from empty text, keeps what is special, and has the types that it is told', async () => {
    const dataset = await newDataset();
    const special = ['\t\\N\\', '\\.', `'); DROP TABLE t; --`, '"', '{}', 'küche 🌡'];
    const lines = special.map((text, at) => `${at + 2},"${text.replaceAll('"', '""')}",1\n`);
    const stdin = `n,s,d\n0,,\n1,"",2\n${lines.join('')}`;
    expect(await load(dataset, stdin, ['--types', 'd=decimal'])).toMatchObject({ status: 0, stderr: '' });
    expect((await query(dataset, 'SELECT n, s FROM t ORDER BY n')).map(([, text]) => text)).toEqual([
      'NULL',
      '',
      ...special,
    ]);
    expect(await query(dataset, 'SELECT n, d + 0.5 AS e FROM t ORDER BY n')).toContainEqual(['1', '2.5']);
  });

  it('rejects what does not fit the type that the first rows have given a column', async () => {
    const dataset = await newDataset();
    await load(dataset, 'n,v\n1,7\n');
    expect(await load(dataset, 'n,v\n2,7.5\n3,8\n')).toMatchObject({
      status: 0,
      stderr: expect.stringContaining('stdin:2: "v" is not a whole number: "7.5"\n'),
    });
    expect(await query(dataset, 'SELECT n FROM t ORDER BY n')).toEqual([['1'], ['3']]);
  });

  it('rejects each row that the table refuses, and loads the others', async () => {
    const dataset = await newDataset();
    await query(dataset, 'CREATE TABLE t (n INT64, day DATE)');
    const end = await load(dataset, 'n,day\n1,2026-11-21\n2,never\n3,2026-11-22\n4,2026-02-30\n');
    expect(end.status).toBe(0);
    expect(end.stderr).toContain('2 of 4 lines rejected: 2 refused by the table\n');
    expect(await query(dataset, 'SELECT n, day FROM t ORDER BY n')).toEqual([
      ['1', '2026-11-21'],
      ['3', '2026-11-22'],
    ]);
  });

  it('loads a batch of a queue as a whole or not at all, and with a key once when it comes again', async () => {
    const dataset = await newDataset();
    const rows = (first: number, b: string) =>
      `a,b\n${Array.from({ length: 100 }, (_, at) => `${first + at},${b}\n`).join('')}`;
    const deliver = (stdin: string) =>
      load(dataset, stdin, ['--batch', '30', '--key', 'a'], { ETL_BATCH: 'q' });
    expect(await deliver(rows(0, 'x'))).toMatchObject({ status: 0, stderr: '' });
    expect(await deliver(`${rows(100, 'y')}1\n`)).toMatchObject({ status: 65 });
    expect(await count(dataset)).toBe('100');
    for (let times = 0; times < 2; times++)
      expect(await deliver(rows(50, 'z'))).toMatchObject({ status: 0, stderr: '' });
    expect(await query(dataset, 'SELECT b, COUNT(*) FROM t GROUP BY b ORDER BY b')).toEqual([
      ['x', '50'],
      ['z', '100'],
    ]);
  });

  it('takes batches of any size, and leaves no staging tables behind', async () => {
    const dataset = await newDataset();
    const lines = Array.from({ length: 40 }, (_, at) => `${at}\n`).join('');
    for (const size of ['7', '39', '1000']) await load(dataset, `a\n${lines}`, ['--batch', size]);
    expect(await query(dataset, 'SELECT COUNT(*), SUM(a) FROM t')).toEqual([['120', String(3 * 780)]]);
    const path = `bigquery/v2/projects/project/datasets/${dataset}/tables`;
    const { tables } = (await (await fetch(`http://${bigquery.address()}/${path}`)).json()) as {
      tables: { tableReference: { tableId: string } }[];
    };
    expect(tables.map(({ tableReference }) => tableReference.tableId)).toEqual(['t']);
  });

  it('says how to make a dataset that is missing (69)', async () => {
    expect(await load('elsewhere', 'a\n1\n')).toMatchObject({
      status: 69,
      stderr: expect.stringMatching(/; make it: bq mk --dataset project:elsewhere\n$/),
    });
  });

  it('goes on when the server comes back, and gives up (75) when it does not', async () => {
    await bigquery.tell('crash');
    const gone = await load('rows', 'n\n1\n', ['--wait', '100ms']);
    expect(gone).toMatchObject({
      status: 75,
      stdout: '',
      stderr: expect.stringMatching(/connection refused\n$/),
    });
    const waiting = load('rows', 'n\n1\n', ['--wait', '50s', '--retries', '9']);
    await bigquery.tell('start');
    expect(await waiting).toMatchObject({ status: 0, stderr: '' });
    expect(await count('rows')).toBe('1');
  });
});
