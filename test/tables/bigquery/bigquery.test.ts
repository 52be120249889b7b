/** What load-rows asks BigQuery for, and what it makes of answers, above all of those that no emulator gives. */

import { describe, expect, it } from 'vitest';
import tool from '../../../src/tools/load-rows.ts';
import { run } from '../../harness.ts';
import { closedPort } from '../../http/server.ts';
import { runHere } from '../../in-process.ts';
import { failure, type Google, google, type Job } from './google.ts';

const ADDRESS = 'bigquery://project/rows';

function loadRows(
  to: Google,
  stdin: string,
  words: readonly string[] = [],
  more: Record<string, string> = {},
) {
  const env = { BIGQUERY_EMULATOR_HOST: to.address, ...more };
  return runHere(tool, ['--to', ADDRESS, '--table', 't', '--wait', '200ms', ...words], { stdin, env });
}

const isChange = ({ sql = '' }: Job) => /^(INSERT|MERGE)/.test(sql);
const changes = ({ jobs }: Google) => jobs.filter(isChange);

describe('a load', () => {
  it('is a staging table, an upload as text, and one statement, where the dataset is', async () => {
    const to = await google();
    const stdin = 'n,d,t,b,s\n1,1.50,2026-11-21T12:04:00+02:00,true,"a ""b""\nc"\n2,,,,""\n';
    expect(await loadRows(to, stdin)).toMatchObject({ status: 0, stdout: '', stderr: '' });
    const staging = to.jobs[2]?.load?.destinationTable as { tableId: string };
    expect(to.jobs).toMatchObject([
      {
        location: 'europe-west6',
        sql: 'CREATE TABLE IF NOT EXISTS `project`.`rows`.`t` (`n` INT64, `d` FLOAT64, `t` TIMESTAMP, `b` BOOL, `s` STRING)',
      },
      {
        sql: expect.stringMatching(/^CREATE TABLE \S+ \(mentioned STRING, c0 STRING, .*expiration_timestamp/),
      },
      {
        load: { sourceFormat: 'CSV', writeDisposition: 'WRITE_APPEND', allowQuotedNewlines: true },
        csv: '11111,"1","1.50","2026-11-21T12:04:00+02:00","true","a ""b""\nc"\n11111,"2",,,,""\n',
      },
      {
        sql: [
          'INSERT INTO `project`.`rows`.`t` (`n`, `d`, `t`, `b`, `s`)',
          'SELECT CAST(c0 AS INT64), CAST(c1 AS FLOAT64), CAST(c2 AS TIMESTAMP), CAST(c3 AS BOOL), c4',
          `FROM \`project\`.\`rows\`.\`${staging.tableId}\``,
        ].join(' '),
      },
    ]);
    expect(to.requests.at(-1)).toMatchObject({
      method: 'DELETE',
      url: expect.stringContaining(staging.tableId),
    });
  });

  it('keeps control characters', async () => {
    const to = await google();
    await loadRows(to, 'a\n\x01\n');
    expect(to.jobs[2]?.load).toMatchObject({ preserveAsciiControlCharacters: true });
  });

  it('waits for jobs that take their time, but not for ever (75)', async () => {
    const slow = await google({ polls: 2 });
    expect(await loadRows(slow, 'a\n1\n')).toMatchObject({ status: 0, stderr: '' });
    const endless = await google({ polls: 1_000_000 });
    expect(await loadRows(endless, 'a\n1\n', ['--timeout', '3s', '--retries', '0'])).toMatchObject({
      status: 75,
      stderr: `load-rows: ${ADDRESS}: a job did not end within 3 s, but may still do so\n`,
    });
  });

  it('is done once when its connection breaks off, before the job was made or after', async () => {
    for (const isMade of [false, true]) {
      let broken = false;
      const to = await google({
        answer(request, _, body) {
          if (broken || !/INSERT INTO/.test(body)) return false;
          broken = true;
          // The job is made all the same.
          if (isMade) void fetch(`${to.address}${request.url}`, { method: 'POST', body });
          request.socket.destroy();
          return true;
        },
      });
      expect(await loadRows(to, 'a\n1\n')).toMatchObject({ status: 0, stderr: '' });
      expect(changes(to)).toHaveLength(1);
    }
  });

  it('is tried again, under another name, when its job failed for now', async () => {
    let failures = 0;
    const to = await google({
      endOf: (job) =>
        isChange(job) && failures++ < 2 ? { reason: 'backendError', message: 'An error' } : undefined,
    });
    expect(await loadRows(to, 'a\n1\n')).toMatchObject({ status: 0, stderr: '' });
    const names = changes(to).map(({ id }) => id);
    expect(names.map((name) => name.replace(/^etlutils_[0-9a-f]{32}/, ''))).toEqual(['_1', '_2', '_3']);
  });

  it('of the same rows again is another one', async () => {
    const to = await google();
    for (let times = 0; times < 2; times++)
      await loadRows(to, 'a\n1\n1\n', ['--batch', '1'], { ...(times > 0 && { ETL_BATCH: 'q' }) });
    expect(changes(to)).toHaveLength(3);
  });

  it('of a batch of a queue is one statement, however long it is', async () => {
    const to = await google();
    const rows = '{"k":1,"a":"x"}\n{"k":2,"b":"y"}\n{"k":1,"b":null}\n{"k":3,"c":true}\n';
    const words = ['--key', 'k', '--batch', '1'];
    expect(await loadRows(to, rows, words, { ETL_BATCH: 'q' })).toMatchObject({ status: 0, stderr: '' });
    expect(changes(to)).toMatchObject([{ sql: expect.stringMatching(/^MERGE /) }]);
    expect(to.jobs.find(({ csv }) => csv)?.csv).toBe('1110,"1","x",,\n1010,"2",,"y",\n1001,"3",,,"true"\n');
  });
});

describe('a failure', () => {
  it.each([
    [403, 'accessDenied', 'Access Denied: Project project', 69],
    [403, 'rateLimitExceeded', 'Exceeded rate limits', 75],
    [403, 'quotaExceeded', 'Quota exceeded', 75],
    [401, 'authError', 'Invalid Credentials', 69],
    [400, 'invalid', 'Invalid dataset', 69],
    [429, 'rateLimitExceeded', 'Too many', 75],
    [503, 'backendError', 'Unavailable', 75],
  ])('HTTP %i %s: %s is %i', async (code, reason, message, status) => {
    const { body } = failure(code, reason, message);
    const to = await google({
      answer: (_, response) => Boolean(response.writeHead(code).end(JSON.stringify(body))),
    });
    const end = await loadRows(to, 'a\n1\n', ['--retries', '1']);
    expect(end).toMatchObject({ status, stdout: '', stderr: `load-rows: ${ADDRESS}: ${message}\n` });
    expect(to.requests).toHaveLength(status === 75 ? 2 : 1);
  });

  it.each([
    ['backendError', 'An error occurred', 75],
    ['invalidQuery', 'Could not serialize access to table project:rows.t due to concurrent update', 75],
    ['invalidQuery', 'Unrecognized name: a', 69],
    ['accessDenied', 'Access Denied: Table project:rows.t', 69],
  ])('of a job, %s: %s, is %i', async (reason, message, status) => {
    const to = await google({ endOf: (job) => (isChange(job) ? { reason, message } : undefined) });
    const end = await loadRows(to, 'a\n1\n', ['--retries', '1']);
    expect(end).toMatchObject({ status, stdout: '', stderr: `load-rows: ${ADDRESS}: ${message}\n` });
    expect(changes(to)).toHaveLength(status === 75 ? 2 : 1);
  });

  it('says how to make a dataset that is missing (69)', async () => {
    const to = await google();
    const words = ['--to', 'bigquery://project/elsewhere', '--table', 't'];
    const end = await run('load-rows', words, {
      stdin: 'a\n1\n',
      env: { BIGQUERY_EMULATOR_HOST: to.address },
    });
    expect(end).toMatchObject({
      status: 69,
      stderr:
        'load-rows: bigquery://project/elsewhere: Not found: Dataset project:elsewhere; make it: bq mk --dataset project:elsewhere\n',
    });
  });

  it('of a value costs its row', async () => {
    let uploaded = '';
    const to = await google({
      endOf(job) {
        uploaded = job.csv ?? uploaded;
        return isChange(job) && uploaded.includes('bad')
          ? { reason: 'invalidQuery', message: 'Invalid date: bad' }
          : undefined;
      },
    });
    to.fields = [{ name: 'a', type: 'DATE' }];
    const { status, stderr } = await loadRows(to, 'a\n2026-11-21\nbad\n2026-11-22\n');
    expect([status, stderr]).toEqual([
      0,
      `load-rows: stdin:3: Invalid date: bad\nload-rows: 1 of 3 lines rejected: 1 refused by the table\n`,
    ]);
    const batch = await loadRows(to, 'a\n2026-11-21\nbad\n', [], { ETL_BATCH: 'q' });
    expect(batch.status).toBe(65);
  });

  it('is an address that is none (64), and a service that is away (75)', async () => {
    for (const address of [
      'bigquery://project',
      'bigquery://project/',
      'bigquery://project/a/b',
      'bigquery:///a',
    ])
      expect((await run('load-rows', ['--to', address, '--table', 't'], { stdin: 'a\n1\n' })).status).toBe(
        64,
      );
    const env = { BIGQUERY_EMULATOR_HOST: `127.0.0.1:${await closedPort()}` };
    const words = ['--to', ADDRESS, '--table', 't', '--wait', '100ms'];
    expect(await run('load-rows', words, { stdin: 'a\n1\n', env })).toMatchObject({
      status: 75,
      stderr: `load-rows: ${ADDRESS}: connection refused\n`,
    });
  });

  it('is an emulator whose address is none (78)', async () => {
    const words = ['--to', ADDRESS, '--table', 't'];
    for (const [host, shown] of [
      [':::', ':::'],
      ['http://u:s3:cret@', 'http://***@'],
    ] as const) {
      const env = { BIGQUERY_EMULATOR_HOST: host };
      expect(await run('load-rows', words, { stdin: 'a\n1\n', env })).toMatchObject({
        status: 78,
        stderr: `load-rows: BIGQUERY_EMULATOR_HOST: not a host: ${shown}\n`,
      });
    }
  });
});
