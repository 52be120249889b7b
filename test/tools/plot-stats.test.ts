import { existsSync, readdirSync, readFileSync, writeFileSync } from 'node:fs';
import { chmod, mkdir, stat, writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import { setTimeout as sleep } from 'node:timers/promises';
import { DatabaseSync } from '@photostructure/sqlite';
import { describe, expect, it } from 'vitest';
import plotStats from '../../src/tools/plot-stats.ts';
import { ended, holdLock, privateFolder, root, run, shell, start, until } from '../harness.ts';
import { runInProcess } from '../in-process.ts';
import { otherUser } from '../other-user.ts';
import { readPng } from '../plot/read-png.ts';
import { allOf, parseXml } from '../plot/xml.ts';
import { csv, HEADER, hourly } from '../stores/rows.ts';

const DAY = csv(HEADER, ...Array.from({ length: 24 }, (_, hour) => hourly('attic', hour)));

const plot = (words: readonly string[], stdin: string, env = {}) => run('plot-stats', words, { stdin, env });

function withoutColour(text: string): string {
  return text
    .split('\x1b[')
    .map((part) => part.replace(/^[\d;]*m/, ''))
    .join('');
}

/** What a terminal of 60 columns is shown. */
const onTerminal = (env: Record<string, string>, ...words: string[]) =>
  runInProcess(plotStats, words, { stdin: Buffer.from(DAY), columns: 60, env: { LANG: 'C.UTF-8', ...env } });

describe('plot-stats on a terminal', () => {
  it('fills its width, in colour', async () => {
    const { stdout, status } = await onTerminal({ TERM: 'xterm' });
    expect(status).toBe(0);
    const lines = withoutColour(stdout).split('\n');
    expect(lines.reduce((most, line) => Math.max(most, line.length), 0)).toBe(60);
    expect(stdout).toContain('\x1b[34m⢕');
    expect(stdout).toContain('\x1b[1;96m');
    // Every colour ends on its line.
    for (const line of stdout.split('\n'))
      expect(line.split('\x1b[0m').length).toBe(1 + line.split('\x1b').length / 2 - 0.5);
  });

  it.each([{ NO_COLOR: '1' }, { TERM: 'dumb' }])('has no colour with %j', async (env) => {
    const { stdout } = await onTerminal(env);
    expect(stdout).not.toContain('\x1b');
    expect(stdout).toContain('░');
  });

  it('believes $COLUMNS before the terminal, and --width before both', async () => {
    const widest = async (env: Record<string, string>, ...words: string[]) => {
      const { stdout } = await onTerminal({ NO_COLOR: '1', ...env }, ...words);
      return stdout.split('\n').reduce((most, line) => Math.max(most, line.length), 0);
    };
    expect(await widest({})).toBe(60);
    expect(await widest({ COLUMNS: '100' })).toBe(100);
    expect(await widest({ COLUMNS: 'many' })).toBe(60);
    expect(await widest({ COLUMNS: '100' }, '--width', '70')).toBe(70);
  });

  it('does not get the bytes of a picture', async () => {
    expect(await onTerminal({}, '--png', '-')).toMatchObject({ status: 64, stdout: '' });
  });
});

describe('plot-stats in a pipe', () => {
  it('has 80 columns, no colour, and ASCII alone in a locale without UTF-8', async () => {
    const { stdout } = await plot([], DAY);
    expect(stdout.split('\n').reduce((most, line) => Math.max(most, line.length), 0)).toBe(80);
    expect(stdout).not.toContain('\x1b');
    const ascii = await plot(['--unit', 'none'], DAY, { LC_ALL: 'C' });
    expect(ascii.stdout).toMatch(/^[\n -~]+$/);
    expect((await plot(['--ascii', '--unit', 'none'], DAY)).stdout).toBe(ascii.stdout);
  });

  it('gives the same chart whatever the order of the rows, and if they come twice', async () => {
    const [head = '', ...rows] = DAY.trimEnd().split('\n');
    expect((await plot([], csv(head, ...rows.reverse(), ...rows))).stdout).toBe((await plot([], DAY)).stdout);
  });

  it('is the end of the pipe of get-stats, with real readings', async () => {
    const readings = join(root, 'test/data/weather-2013.csv');
    const { stdout, status } = await shell(
      `awk -F, '$2 == "JFK" && /-03-/' '${readings}' | get-stats -w 1h | plot-stats --unit none --title 'New York'`,
    );
    expect(status).toBe(0);
    expect(stdout).toContain('New York\nJFK  1h  min 30.92  max 55.04');
    expect(stdout).toContain('2013-03-10');
  });

  it('says which rows are not shown', async () => {
    const input = csv(HEADER, hourly('attic', 1), hourly('attic', 2).replace(',1h,', ',all,'));
    const { stdout, stderr, status } = await plot([], input);
    expect([status, stderr]).toEqual([
      0,
      'plot-stats: only rows of window "1h" are drawn; others with -w: "all"\n',
    ]);
    expect(stdout).toContain('attic  1h');
    expect((await plot(['-w', 'all'], input)).stdout).toContain('attic  all');
    expect((await plot(['-q'], input)).stderr).toBe('');
  });

  it.each<[string, string[], string, number, string]>([
    ['no rows', [], `${HEADER}\n`, 66, 'no stats rows'],
    ['only bad rows', [], csv(HEADER, 'x'), 65, 'stdin:2: row has 1 field, its header 8'],
    ['no header', [], 'a,b\n', 65, 'stdin:1: column "sensor" is missing'],
    [
      'a sensor that is not there',
      ['--sensor', 'x\x1b'],
      DAY,
      65,
      'no rows of the sensor, window and time asked for',
    ],
    [
      'a window that is not there',
      ['-w', '1d'],
      DAY,
      65,
      'no rows of the sensor, window and time asked for; other windows: "1h"',
    ],
    [
      'a time without rows',
      ['--from', '2030-01-01T00:00:00Z'],
      DAY,
      65,
      'no rows of the sensor, window and time asked for',
    ],
    ['times the wrong way', ['--from', '2', '--to', '1'], DAY, 64, '--from is not before --to'],
    [
      'no zone',
      ['--tz', 'Mars'],
      DAY,
      64,
      '--tz: unknown time zone: "Mars" (write one such as Europe/Berlin)',
    ],
    ['no unit', ['--unit', 'R'], DAY, 64, '--unit: not one of C, F, K, none: "R"'],
    [
      'a narrow picture',
      ['--svg', '-', '--width', '500'],
      DAY,
      64,
      '--width: a picture must be at least 640 pixels wide',
    ],
    ['two pictures for stdout', ['--svg', '-', '--png', '-'], DAY, 64, '--svg - does not go with --png -'],
    [
      'a server',
      ['http://host/api/stats'],
      '',
      64,
      'rows cannot be read from a server, only from its database: "http://host/api/stats"',
    ],
    ['an unknown scheme', ['redis://u:secret@host/1'], '', 64, 'unknown store: "redis://u:***@host/1"'],
  ])('refuses %s', async (_, words, stdin, status, message) => {
    const cwd = await privateFolder();
    const { stderr, ...rest } = await run('plot-stats', words, { stdin, cwd });
    expect(rest).toEqual({ status, signal: null, stdout: '' });
    expect(stderr.split('\n')[0]).toContain(`plot-stats: ${message}`);
    expect(readdirSync(cwd)).toEqual([]);
  });

  it('draws what there is of the sensors asked for, and says what there is not', async () => {
    const { stdout, stderr, status } = await plot(['--sensor', 'attic', '--sensor', 'x\x1b'], DAY);
    expect([status, stderr]).toEqual([65, 'plot-stats: no rows of sensor "x\\u001b"\n']);
    expect(stdout).toContain('attic  1h');
  });

  it('leaves out what cannot be drawn, and what is no row', async () => {
    const huge = hourly('attic', 30).replace('21.75', '9'.repeat(309));
    const { stdout, stderr, status } = await plot([], `${DAY}${huge}\nnonsense\n`);
    expect(status).toBe(0);
    expect(stdout).toContain('max 21.75');
    expect(stderr).toContain('plot-stats: 1 row is too large to draw\n');
    expect(stderr).toContain('1 of 26 lines rejected');
    expect((await plot(['--strict'], `${DAY}nonsense\n`)).status).toBe(65);
  });

  it('lets a hostile name do nothing', async () => {
    const { stdout } = await plot([], csv(HEADER, hourly('"\x1b]0;owned\x07\u202e\x9b2J"', 1)));
    expect(stdout).toContain('�]0;owned���2J  1h');
    expect([...stdout].every((character) => character === '\n' || !/\p{Cc}/u.test(character))).toBe(true);
  });

  it('converts units', async () => {
    expect((await plot(['--unit', 'F'], DAY)).stdout).toContain(
      'min 68.90  max 71.15  avg 70.025  last 70.025 °F',
    );
    expect((await plot(['--unit', 'K'], DAY)).stdout).toContain(
      'min 293.65  max 294.90  avg 294.275  last 294.275 K',
    );
    expect((await plot(['--unit', 'none'], DAY)).stdout).toContain('last 21.125\n');
  });

  it('ends by SIGTERM while it waits for rows', async () => {
    const child = start('plot-stats', []);
    const end = ended(child);
    let said = '';
    child.stderr?.on('data', (chunk: Buffer) => {
      said += chunk;
    });
    child.stdin?.write(csv(HEADER, hourly('attic', 1), 'nonsense'));
    await until(() => said.includes('stdin:3'), 'it has read');
    child.kill('SIGTERM');
    expect(await end).toMatchObject({ signal: 'SIGTERM', stdout: '' });
  });
});

describe('plot-stats, while it is busy,', () => {
  const sensors = csv(HEADER, ...Array.from({ length: 6000 }, (_, at) => hourly(`s${at}`, 0)));

  it.each([
    ['text, from a file', 'SIGTERM', 'rows.csv', []],
    ['text, from a database', 'SIGINT', 'stats.db', []],
    ['a picture', 'SIGHUP', 'rows.csv', ['--svg', 'chart.svg']],
  ] as const)('hears signals: %s', async (_, signal, store, words) => {
    const cwd = await privateFolder();
    writeFileSync(join(cwd, 'rows.csv'), sensors);
    if (store === 'stats.db') await run('load-stats', ['rows.csv'], { cwd });
    const child = start('plot-stats', [...words, store], { cwd });
    const end = ended(child);
    // Its work takes seconds; a part of them has passed.
    const before = cpuTime(child.pid);
    while (cpuTime(child.pid) - before < 0.3 && child.exitCode === null) await sleep(5);
    child.kill(signal);
    const sent = cpuTime(child.pid);
    let spent = 0;
    while (child.exitCode === null && child.signalCode === null) {
      const now = cpuTime(child.pid);
      if (now > sent) spent = now - sent;
      await sleep(5);
    }
    expect(await end).toMatchObject({ signal, stderr: '' });
    expect(spent).toBeLessThan(1);
    // A signal may come when the picture has just been written.
    const picture = existsSync(join(cwd, 'chart.svg')) ? readFileSync(join(cwd, 'chart.svg'), 'utf8') : '';
    expect(picture === '' || picture.endsWith('</svg>\n')).toBe(true);
  });
});

/** Seconds of work that a process has done; those of a process that is gone are NaN. */
function cpuTime(pid: number | undefined): number {
  try {
    const fields = readFileSync(`/proc/${pid}/stat`, 'utf8').split(') ')[1]?.split(' ') ?? [];
    return (Number(fields[11]) + Number(fields[12])) / 100;
  } catch {
    return Number.NaN;
  }
}

describe('plot-stats reads', () => {
  it('files, packed or not, and stdin among them', async () => {
    const cwd = await privateFolder();
    await writeFile(join(cwd, 'a.csv'), csv(HEADER, hourly('a', 1)));
    const { stdout } = await shell(
      'gzip -c a.csv | sed s/x/x/ > a.gz; sed s/a,1h/b,1h/ a.csv | plot-stats a.gz -',
      { cwd },
    );
    expect(stdout).toContain('a  1h');
    expect(stdout).toContain('b  1h');
  });

  it('a database, whatever it is called, just as the same rows from a file', async () => {
    const cwd = await privateFolder();
    writeFileSync(join(cwd, 'rows.csv'), DAY);
    const command =
      'load-stats --to house < rows.csv && plot-stats --last 5h house && plot-stats --last 5h rows.csv';
    const { stdout, stderr, status } = await shell(command, { cwd });
    expect([status, stderr]).toEqual([0, '']);
    const half = stdout.length / 2;
    expect(stdout.slice(0, half)).toBe(stdout.slice(half));
    expect(stdout).toContain('19:00');
  });

  it.each(['1m', 'all'])('a database of many rows, summed up, to the same picture: %s', async (window) => {
    const cwd = await privateFolder();
    const hole = (at: number) => at > 9000 && at < 20_000;
    const rows = Array.from({ length: 40_000 }, (_, at) => at)
      .filter((at) => !hole(at))
      .map((at) => {
        const [min, avg, max] = [10, 15.25, 20].map((value) => (value + at / 10_000).toFixed(2));
        return `a,${window},${60 * at},${60 * at + 60},6,${min},${max},${avg}`;
      });
    writeFileSync(join(cwd, 'rows.csv'), csv(HEADER, ...rows));
    const { stderr, status } = await shell(
      'load-stats < rows.csv && plot-stats stats.db > stored && plot-stats rows.csv > read',
      { cwd },
    );
    expect([status, stderr]).toEqual([0, '']);
    const [stored = '', read = ''] = ['stored', 'read'].map((name) => readFileSync(join(cwd, name), 'utf8'));
    expect(stored.split('\n')[0]).toBe(read.split('\n')[0]);
    // Some dots may stand one column further.
    const others = [...stored].filter((character, at) => character !== read[at]);
    expect(others.length).toBeLessThan(stored.length / 50);
    expect(stored).toMatch(/░ {18,22}░/);
  });

  it.each([
    [
      'a view that never ends',
      `CREATE VIEW stats AS WITH RECURSIVE n(i) AS (SELECT 1 UNION ALL SELECT i + 1 FROM n)
       SELECT 'a' AS sensor, '1h' AS window, NULL AS start, i AS "end", 1 AS count, 1 AS min, 1 AS max, 1 AS avg FROM n`,
      '"stats" is not a table: view',
    ],
    [
      'a virtual table',
      'CREATE VIRTUAL TABLE stats USING fts5(sensor, window, start, "end", count, min, max, avg)',
      '"stats" is not a table: virtual',
    ],
    [
      'a column that is computed, and never ends',
      `CREATE TABLE stats (sensor, window, start, "end", count, min, max, avg AS (hex(zeroblob(900000000))))`,
      'its table "stats" lacks column "avg"',
    ],
  ])('no %s', async (_, statement, message) => {
    const cwd = await privateFolder();
    const database = new DatabaseSync(join(cwd, 'hostile.db'));
    database.exec(statement);
    database.close();
    expect(await run('plot-stats', ['hostile.db'], { cwd })).toMatchObject({
      ...{ status: 69, stdout: '', stderr: `plot-stats: hostile.db: ${message}\n` },
    });
  });

  it('no database without rows', async () => {
    const cwd = await privateFolder();
    writeFileSync(join(cwd, 'empty.db'), '');
    expect(await run('plot-stats', ['empty.db'], { cwd })).toMatchObject({
      status: 66,
      stderr: 'plot-stats: no stats rows\n',
    });
  });

  it.skipIf(otherUser === undefined)('no file that it may not', async () => {
    const cwd = await privateFolder();
    await chmod(cwd, 0o755);
    writeFileSync(join(cwd, 'rows.csv'), DAY);
    await chmod(join(cwd, 'rows.csv'), 0);
    expect(await run('plot-stats', ['rows.csv'], { cwd, ...otherUser })).toMatchObject({
      status: 66,
      stderr: 'plot-stats: rows.csv: permission denied\n',
    });
  });
});

describe('plot-stats --svg and --png', () => {
  it('replace files in one step, and print nothing', async () => {
    const cwd = await privateFolder();
    writeFileSync(join(cwd, 'day.svg'), 'old');
    await chmod(join(cwd, 'day.svg'), 0o640);
    const words = ['--svg', 'day.svg', '--png', 'day.png', '--title', 'A day & <a night>'];
    expect(await run('plot-stats', words, { cwd, stdin: DAY })).toEqual({
      status: 0,
      signal: null,
      stdout: '',
      stderr: '',
    });
    expect(readdirSync(cwd).sort()).toEqual(['day.png', 'day.svg']);
    expect((await stat(join(cwd, 'day.svg'))).mode & 0o777).toBe(0o640);
    const svg = parseXml(readFileSync(join(cwd, 'day.svg'), 'utf8'));
    expect(allOf(svg).filter(({ text }) => text === 'A day & <a night>').length).toBe(2);
    const { width, count } = readPng(readFileSync(join(cwd, 'day.png')));
    expect([width, count('#0b62b5') > 1000]).toEqual([1920, true]);
  });

  it('write to stdout, whole', async () => {
    const svg = await plot(['--svg', '-'], DAY);
    expect([svg.status, parseXml(svg.stdout).name]).toEqual([0, 'svg']);
    const cwd = await privateFolder();
    const { status } = await shell('plot-stats --png - | cat > day.png', { cwd, stdin: DAY });
    expect([status, readPng(readFileSync(join(cwd, 'day.png'))).height > 300]).toEqual([0, true]);
  });

  it('leave the file alone when there is nothing to draw', async () => {
    const cwd = await privateFolder();
    writeFileSync(join(cwd, 'day.svg'), 'old');
    expect((await run('plot-stats', ['--svg', 'day.svg'], { cwd, stdin: HEADER })).status).toBe(66);
    expect([readFileSync(join(cwd, 'day.svg'), 'utf8'), readdirSync(cwd)]).toEqual(['old', ['day.svg']]);
  });

  it('say what stands in their way', async () => {
    const cwd = await privateFolder();
    await mkdir(join(cwd, 'folder'));
    const said = async (file: string) => {
      const { status, stderr } = await run('plot-stats', ['--svg', file], { cwd, stdin: DAY });
      return [status, stderr];
    };
    expect(await said('folder')).toEqual([66, 'plot-stats: folder: is a directory\n']);
    expect(await said('no/day.svg')).toEqual([66, 'plot-stats: no/day.svg: no such file or directory\n']);
    expect(await said('/dev/full')).toEqual([74, 'plot-stats: /dev/full: no space left on device\n']);
  });

  it('wait for another that writes the same file', async () => {
    const cwd = await privateFolder();
    const file = join(cwd, 'day.svg');
    const lock = await holdLock(join(cwd, '.day.svg.next'));
    const child = start('plot-stats', ['--svg', file]);
    const end = ended(child);
    child.stdin?.end(DAY);
    await lock.release();
    expect((await end).status).toBe(0);
    expect(parseXml(readFileSync(file, 'utf8')).name).toBe('svg');
  });

  it('refuse more sensors than a picture can have', async () => {
    const rows = Array.from({ length: 200 }, (_, at) => hourly(`s${at}`, 1));
    expect(await plot(['--png', '/nonexistent/x.png'], csv(HEADER, ...rows))).toMatchObject({
      status: 64,
      stderr: 'plot-stats: too many sensors for one picture: choose some with --sensor\n',
    });
  });
});

describe('plot-stats --ahead', () => {
  const FUTURE = hourly('attic', 3).replaceAll('2026-', '2038-');
  const LAST_HOURS = ['-w', '1h', '--last', '6h', '--width', '60', '--ascii'];

  // README: "A line or row that is more than `--ahead` (1h) in the future is rejected or left out: it never moves a
  // window, a chart or the newest row."
  it('leaves a row far ahead of the clock out of the rows that it reads', async () => {
    const expected = await plot(LAST_HOURS, DAY);
    const { stdout, stderr } = await plot(LAST_HOURS, DAY + csv(FUTURE));
    expect(stdout).toBe(expected.stdout);
    expect(stderr).toBe(
      'plot-stats: stdin:26: row is more than 1h ahead of the clock: 2038-01-01T03:00:00Z\n' +
        'plot-stats: 1 of 25 lines rejected: 1 future\n',
    );
    expect((await plot([...LAST_HOURS, '--ahead', 'none'], DAY + csv(FUTURE))).stdout).not.toBe(stdout);
  });

  it('leaves it out of those of a store', async () => {
    const cwd = await privateFolder();
    const load = (stdin: string) => run('load-stats', ['--ahead', 'none'], { cwd, stdin });
    await load(DAY);
    const expected = await run('plot-stats', [...LAST_HOURS, 'stats.db'], { cwd });
    await load(csv(HEADER, FUTURE));
    expect(await run('plot-stats', [...LAST_HOURS, 'stats.db'], { cwd })).toEqual({
      ...expected,
      stderr: 'plot-stats: stats.db: rows more than 1h ahead of the clock are not drawn\n',
    });
  });
});
