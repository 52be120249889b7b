/** What each tool reports of itself where $ETL_REPORT says. */

import { execFileSync } from 'node:child_process';
import { readFileSync } from 'node:fs';
import { join } from 'node:path';
import { describe, expect, it } from 'vitest';
import { eventSource } from '../events/event-source.ts';
import { ended, privateFolder, type RunOptions, shell, start } from '../harness.ts';
import { contracts } from '../tool-contracts.ts';

const EVENTS = await eventSource();
const READINGS = '2026-11-21T10:04:00Z,a,1\nno reading\n2026-11-21T10:05:00Z,b,2\n';
const STATS =
  'sensor,window,start,end,count,min,max,avg\n' +
  'a,1h,2026-11-21T10:00:00Z,2026-11-21T11:00:00Z,60,1,2,1.5\n' +
  'b,1h,2026-11-21T10:00:00Z,2026-11-21T11:00:00Z,60,1,2,1.5\n' +
  'c,1h,2026-11-21T10:00:00Z,2026-11-21T11:00:00Z,none,1,2,1.5\n';
const LOG =
  '1.2.3.4 - - [21/Nov/2026:10:04:00 +0000] "GET /\\x0a HTTP/1.1" 200 5 "-" "x\\x0ay"\n' +
  '1.2.3.4 - - [21/Nov/2026:10:04:01 +0000] "GET / HTTP/1.1" 200 5 "-" "x"\nno line\n';
const RECORDS = '{"id":1,"to":"x"}\n{"id":2,"to":"y"}\n{"id":3,"to":"x"}\n[]\n';

/** The reports of a command line, by tool, in the order in which they ended. */
async function reportsOf(command: string, options: RunOptions = {}) {
  const cwd = await privateFolder();
  const { stderr } = await shell(command, { ...options, cwd, env: { ETL_REPORT: join(cwd, 'report') } });
  const lines = readFileSync(join(cwd, 'report'), 'utf8').trimEnd().split('\n');
  return lines.map((line) => {
    expect(line, stderr).toMatch(
      /^\{"tool":"[a-z-]+","in":\d+,"out":\d+,"rejected":\d+,"ms":\d+,"status":\d+\}$/,
    );
    const { tool, in: taken, out, rejected, status } = JSON.parse(line);
    return [tool, taken, out, rejected, status];
  });
}

/** Command line, stdin, and what its last tool reports: rows in, out and rejected, and the status. */
const cases: readonly (readonly [tool: string, command: string, stdin: string, report: number[]])[] = [
  ['get-temp', 'get-temp --at 2026-11-21T10:04:00Z', '', [1, 1, 0, 0]],
  ['get-temp', 'get-temp --last 1h', '', [60, 60, 0, 0]],
  ['get-temp', 'get-temp file:/no-such', '', [0, 0, 0, 69]],
  ['get-events', `get-events --count 3 ${EVENTS}`, '', [3, 3, 0, 0]],
  ['get-events', `get-events --count 3 ${EVENTS} -- sed p`, '', [3, 3, 0, 0]],
  ['buffer-tail', 'seq 5 >log; buffer-tail log', READINGS, [3, 8, 0, 0]],
  ['buffer-tail', 'buffer-tail -n 1', READINGS, [3, 1, 0, 0]],
  ['get-stats', 'get-stats', READINGS, [3, 2, 1, 0]],
  ['get-stats', 'get-stats --json --strict', READINGS, [3, 2, 1, 65]],
  ['get-stats', 'get-stats -o rows', READINGS, [3, 2, 1, 0]],
  ['load-stats', 'load-stats --to s.db', STATS, [3, 2, 1, 0]],
  ['load-stats', 'load-stats --to s.csv --dry-run', STATS, [3, 2, 1, 0]],
  ['load-stats', 'load-stats --to no/s.db', STATS, [1, 0, 1, 69]],
  ['load-stats', 'load-stats --to no/s.db --spool spool', STATS, [3, 2, 1, 69]],
  ['plot-stats', 'plot-stats', STATS, [3, 1, 1, 0]],
  ['plot-stats', 'load-stats --to s.db; plot-stats s.db', STATS, [2, 1, 0, 0]],
  ['log-gen', 'log-gen -n 7 --seed 1', '', [0, 7, 0, 0]],
  ['parse-log', 'parse-log', LOG, [3, 2, 1, 0]],
  ['load-rows', 'load-rows --to s.db --table t', RECORDS, [4, 3, 1, 0]],
  ['load-rows', 'load-rows --to s.db --table t --dry-run', RECORDS, [4, 3, 1, 0]],
  ['load-rows', 'ETL_BATCH=b load-rows --to s.db --table t', RECORDS, [1, 0, 1, 65]],
  ['lake-put', 'lake-put lake/', RECORDS, [1, 1, 0, 0]],
  ['lake-put', 'lake-put lake/ --csv --fields id --by to', RECORDS, [4, 3, 1, 0]],
  ['lake-put', 'mkdir lake; touch lake/x; lake-put lake/x/ --ndjson', RECORDS, [4, 0, 1, 69]],
  ['lake-get', 'printf "1\\n2" >x; lake-get x x', '', [2, 3, 0, 0]],
  ['lake-get', 'seq 3 >x; lake-get -', 'x\nftp://h/x\n', [2, 3, 1, 0]],
  ['queue-make', 'queue-make q', '', [0, 0, 0, 0]],
  ['queue-put', 'queue-put q --key id', RECORDS, [4, 3, 1, 0]],
  ['queue-take', 'seq 5 | queue-put q; queue-take q --exit-when-empty', '', [5, 5, 0, 0]],
  ['queue-take', 'seq 5 | queue-put q; queue-take q --peek --count 2', '', [2, 2, 0, 0]],
  [
    'schedule',
    'schedule --test --from 2026-11-21T10:00Z --to 2026-11-21T10:02Z -',
    '* * * * * true\n',
    [0, 2, 0, 0],
  ],
  ['run-tasks', 'printf "tasks: {a: {run: exit 3}}" >x.yaml; run-tasks x.yaml', '', [0, 0, 0, 3]],
  ['runs', 'runs', '', [0, 0, 0, 66]],
  [
    'check-stats',
    'check-stats --max 1',
    'sensor,window,start,end,count,min,max,avg\na,all,,2026-11-21T10:01:00Z,1,2,2,2\n',
    [1, 1, 0, 1],
  ],
  [
    'prune-stats',
    'load-stats --to s.csv; prune-stats --keep all=1h s.csv',
    'sensor,window,start,end,count,min,max,avg\na,all,,2026-11-20T10:01:00Z,1,2,2,2\na,all,,2026-11-21T10:01:00Z,1,2,2,2\n',
    [0, 1, 0, 0],
  ],
  ['queue-stat', 'seq 5 | queue-put q; queue-stat q', '', [0, 1, 0, 0]],
  [
    'queue-take',
    'seq 5 | queue-put q; queue-take q --exit-when-empty --batch 5 -- bash -c "! grep 3 || exit 65"',
    '',
    [5, 4, 1, 0],
  ],
];

describe('the report', () => {
  it.each(cases)('of %s: %s', async (tool, command, stdin, report) => {
    const reports = await reportsOf(command, { stdin });
    expect(reports.at(-1)).toEqual([tool, ...report]);
  });

  it('of each tool of a pipeline is a line of its own', async () => {
    const reports = await reportsOf(
      'get-temp --last 1h | buffer-tail -n 20 | get-stats | load-stats --to s.db',
    );
    expect(reports.sort()).toEqual([
      ['buffer-tail', 60, 20, 0, 0],
      ['get-stats', 20, 1, 0, 0],
      ['get-temp', 60, 60, 0, 0],
      ['load-stats', 1, 1, 0, 0],
    ]);
  });

  it('counts the rows of posts, and is written when a signal ends the tool', async () => {
    const cwd = await privateFolder();
    const file = join(cwd, 'report');
    const server = start('serve-stats', ['--port', '0'], { cwd, env: { ETL_REPORT: file } });
    const end = ended(server);
    const url: string = await new Promise((resolve) =>
      server.stdout?.once('data', (url) => resolve(`${url}`)),
    );
    const post = (body: string) =>
      fetch(`${url.trim()}api/stats`, { method: 'POST', body, headers: { 'content-type': 'text/csv' } });
    expect((await post(STATS)).status).toBe(200);
    expect((await post(STATS.replace(/^[ab],.*\n/gm, ''))).status).toBe(400);
    server.kill('SIGTERM');
    expect(await end).toMatchObject({ signal: 'SIGTERM' });
    expect(JSON.parse(readFileSync(file, 'utf8'))).toMatchObject({ in: 4, out: 2, rejected: 2, status: 143 });
  });

  it.each(['/dev/full', '.', 'no/report', '/proc/version', 'pipe'])(
    'changes nothing where it cannot be written: %s',
    async (file) => {
      const cwd = await privateFolder();
      execFileSync('mkfifo', [join(cwd, 'pipe')]);
      const options = { cwd, env: { ETL_REPORT: file }, stdin: '1\n' };
      expect(await shell('buffer-tail -v', options)).toMatchObject({
        ...{ status: 0, stdout: '1\n' },
        stderr: expect.stringMatching(/^buffer-tail: \S+: no report: .+\n$/),
      });
    },
  );

  it('stays whole when many tools end at once', async () => {
    expect(await reportsOf('for i in {1..12}; do log-gen -n 1 --seed 1 & done; wait')).toHaveLength(12);
  });

  it('is known of every tool', () => {
    const known = new Set([...cases.map(([tool]) => tool), 'serve-stats']);
    expect(contracts.map(({ tool }) => tool).filter((tool) => !known.has(tool))).toEqual([]);
  });
});
