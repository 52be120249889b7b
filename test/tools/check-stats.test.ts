/** check-stats, as cron and monitors run it. */

import { existsSync, readFileSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { describe, expect, it } from 'vitest';
import { privateFolder, run, shell } from '../harness.ts';

const ROWS = `sensor,window,start,end,count,min,max,avg
attic,1m,2026-11-21T10:00:00Z,2026-11-21T10:01:00Z,1,24,24,24
attic,1m,2026-11-21T10:01:00Z,2026-11-21T10:02:00Z,1,26,26,26
"cell""ar",1m,2026-11-21T10:01:00Z,2026-11-21T10:02:00Z,1,9,9,9
attic,1h,2026-11-21T10:00:00Z,2026-11-21T11:00:00Z,2,24,99,25
`;
const ABOVE = '"attic": 26 is above 25 in the row 1m that ends 2026-11-21T10:02:00Z\n';
const BELOW = '"cell\\"ar": 9 is below 10 in the row 1m that ends 2026-11-21T10:02:00Z\n';

const check = (...words: string[]) => run('check-stats', words, { stdin: ROWS });

describe('check-stats', () => {
  it.each([
    ['all is well', '--max 26 --min 9', 0, ''],
    ['a value', '--max 25', 1, ABOVE],
    ['a value, and worse', '--max 25 --critical', 2, ABOVE],
    ['two values', '--max 25 --min 10', 1, ABOVE + BELOW],
    ['another sensor', '--max 25 --sensor c*', 0, ''],
    ['sensors with limits of their own', '--max c*=12,attic=26 --min c*=10', 1, BELOW],
    ['two rows', '--max 25 --for 2', 0, ''],
    [
      'two rows of which one sensor has one',
      '--max 8 --for 2',
      1,
      '"attic": 26 is above 8 in the row 1m that ends 2026-11-21T10:02:00Z, the last of 2 in a row\n',
    ],
    [
      'another window',
      '--max 98 -w 1h',
      1,
      '"attic": 99 is above 98 in the row 1h that ends 2026-11-21T11:00:00Z\n',
    ],
    ['a sensor that is not there', '--max 98 --sensor roof --sensor c*', 3, 'no rows of sensor "roof"\n'],
    ['a window that is not there', '--max 98 -w 1d', 3, 'no stats rows\n'],
    [
      'rows that do not say what is missing',
      '--missing 10% --sensor a*',
      3,
      '"attic": its rows do not say how many are missing (get-stats --expect)\n',
    ],
    ['both', '--max 25 --sensor roof --sensor a*', 1, `${ABOVE}no rows of sensor "roof"\n`],
  ])('%s: %s', async (_, words, status, stdout) => {
    expect(await check(...words.split(' '))).toMatchObject({ status, stdout, stderr: '' });
  });

  it('says how long there was no row', async () => {
    const { status, stdout } = await check('--max-age', '5m', '--sensor', 'attic');
    expect(status).toBe(1);
    expect(stdout).toMatch(
      /^"attic": no row for \d+d\w*, longer than 5m: the last one ends 2026-11-21T10:02:00Z\n$/,
    );
  });

  it.each([
    [[], 'expected a limit: --max, --min, --max-age or --missing'],
    [['--max', 'warm'], '--max: not a number: "warm"'],
    [['--missing', '101%'], '--missing: not a percentage: "101%" (write 10%)'],
    [['--max', '1', '--min', '2'], '--min is above --max'],
    [['--max', '1', '--clear', '0'], '--clear and --state need each other'],
  ])('refuses %j', async (words, message) => {
    const { status, stdout, stderr } = await check(...words);
    expect([status, stdout]).toEqual([64, '']);
    expect(stderr).toContain(`check-stats: ${message}`);
  });

  it('cannot tell (3) without a file, without rows, and of a store that is damaged', async () => {
    const cwd = await privateFolder();
    writeFileSync(join(cwd, 'bad.db'), `SQLite format 3\0${'x'.repeat(5000)}`);
    writeFileSync(join(cwd, 'bad.csv'), ROWS.replaceAll('2026-11-21T1', '2026-13-21T1'));
    for (const file of ['none.csv', 'bad.db', 'bad.csv', '/dev/null'])
      expect(await run('check-stats', ['-q', '--max', '1', file], { cwd }), file).toMatchObject({
        status: 3,
      });
  });

  it('looks at a store as at a file', async () => {
    const cwd = await privateFolder();
    const { stdout } = await shell(
      'load-stats --to s.db; check-stats --max 25 --min 10 s.db; echo $?; check-stats --max 23 --for 2 s.db; echo $?; check-stats --max 25 --for 2 s.db; echo $?',
      { cwd, stdin: ROWS },
    );
    const inARow = ABOVE.replace('25', '23').replace('\n', ', the last of 2 in a row\n');
    expect(stdout).toBe(`${ABOVE}${BELOW}1\n${inARow}1\n0\n`);
  });

  it('does not take a row of long ago for what is now', async () => {
    const stdin = `sensor,window,start,end,count,min,max,avg
a,all,2020-01-01T00:00:00Z,2020-01-01T10:00:00Z,9,1,2,1.5
a,1h,2026-11-21T10:00:00Z,2026-11-21T11:00:00Z,9,1,31,2
`;
    expect(await run('check-stats', ['--max', '30'], { stdin })).toMatchObject({
      status: 1,
      stdout: '"a": 31 is above 30 in the row 1h that ends 2026-11-21T11:00:00Z\n',
    });
  });

  it('keeps what is remembered of sensors that it does not look at', async () => {
    const state = join(await privateFolder(), 'state');
    const at = async (b: string, ...words: string[]) => {
      const row = (name: string, value: string) =>
        `${name},all,,2026-11-21T10:01:00Z,1,${value},${value},${value}\n`;
      const stdin = `sensor,window,start,end,count,min,max,avg\n${row('a', '20')}${row('b', b)}`;
      const limits = ['--max', '30', '--clear', '28', '--state', state];
      return (await run('check-stats', [...limits, ...words], { stdin })).status;
    };
    expect([await at('31'), await at('29', '--sensor', 'a'), await at('29')]).toEqual([1, 0, 1]);
  });

  it('remembers a breach until it is cleared', async () => {
    const cwd = await privateFolder();
    const state = join(cwd, 'state');
    const at = async (value: string) => {
      const row = `sensor,window,start,end,count,min,max,avg\na,all,,2026-11-21T10:01:00Z,1,${value},${value},${value}\n`;
      const words = ['--max', '30', '--min', '5', '--clear', '8..28', '--state', state];
      return (await run('check-stats', words, { stdin: row })).status;
    };
    const statuses: unknown[] = [];
    for (const value of ['29', '31', '29', '28', '29', '4', '7', '8', '7']) statuses.push(await at(value));
    expect(statuses).toEqual([0, 1, 1, 0, 0, 1, 1, 0, 0]);
    expect(readFileSync(state, 'utf8')).toBe('');
    writeFileSync(state, 'not ours\n');
    expect(await at('1')).toBe(3);
    expect(readFileSync(state, 'utf8')).toBe('not ours\n');
    expect(existsSync(join(cwd, '.state.next'))).toBe(false);
  });
});
