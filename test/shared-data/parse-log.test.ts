import { readFileSync } from 'node:fs';
import { join } from 'node:path';
import { DatabaseSync } from '@photostructure/sqlite';
import { describe, expect, it } from 'vitest';
import { privateFolder, root, run, shell } from '../harness.ts';
import { isMissing, sharedData } from '../shared-data.ts';

const APACHE = sharedData('weblog/apache-500.log');
/** A line of these logs, none of which has an escape or a blank in its path. */
const LINE =
  /^(\S+) - - \[(\d\d)\/(\w{3})\/(\d{4}):([\d:]{8})(?: \+0000)?\] "(\S+) (\S+) (\S+)" \[?(\d{3})\]? (\d+|-) "([^"]*)" "([^"]*)"$/;
const MONTHS: Readonly<Record<string, string>> = { Apr: '04', May: '05' };

/** The row of a line as JSON, found by a way of its own. */
function rowOf(line: string): unknown {
  const match = LINE.exec(line) ?? [];
  const [, address, day, month = '', year, clock, method, path, protocol, status, bytes, referer, agent] =
    match;
  const text = (value: string | undefined) => (value === '-' || value === undefined ? null : value);
  return {
    remote_addr: address,
    ident: null,
    user: null,
    time: `${year}-${MONTHS[month]}-${day}T${clock}Z`,
    method,
    path,
    protocol,
    status: Number(status),
    bytes: bytes === '-' ? null : Number(bytes),
    referer: text(referer),
    user_agent: text(agent),
  };
}

/** How many lines of the Apache log have the status 200. */
const ok = () => readFileSync(APACHE, 'utf8').match(/" 200 /g)?.length;

describe.skipIf(isMissing)('parse-log', () => {
  it.each(['apache-500.log', 'beam-100.log', 'beam-seed-line.log'])(
    'reads every line of %s',
    async (name) => {
      const path = sharedData(`weblog/${name}`);
      const lines = readFileSync(path, 'utf8').trimEnd().split('\n');
      const { status, stdout, stderr } = await run('parse-log', ['--strict', '--json', path]);
      expect([status, stderr]).toEqual([0, '']);
      const rows = stdout.trimEnd().split('\n');
      expect(rows.map((row) => JSON.parse(row))).toEqual(lines.map(rowOf));
    },
  );

  it('gives load-rows the columns of a real log', async () => {
    const cwd = await privateFolder();
    const command = `parse-log '${APACHE}' | load-rows --to rows.db --table t`;
    expect(await shell(command, { cwd })).toMatchObject({ status: 0, stderr: '' });
    const database = new DatabaseSync(join(cwd, 'rows.db'));
    const sql =
      'SELECT count(*) AS lines, typeof(bytes) AS bytes, typeof(user) AS user FROM t WHERE status = 200';
    const row = database.prepare(sql).get();
    database.close();
    expect(row).toEqual({ lines: ok(), bytes: 'integer', user: 'null' });
  });

  it('gives weblog_report.sh the requests of a real log', async () => {
    const { stdout } = await shell(`ETL_TOP=3 '${root}scripts/weblog_report.sh' '${APACHE}'`);
    expect(stdout).toMatch(/^2015-05-17T11:00:00Z +111 +1 +0\.9 /m);
    expect(stdout).toMatch(/^ +34 +6\.8% {2}\/favicon\.ico$/m);
    expect(stdout.match(/%/g)).toHaveLength(7);
  });
});
