/** Our line protocol and our metrics files, as other people's programs read them. */

import { readFileSync } from 'node:fs';
import { join } from 'node:path';
import { describe, expect, it } from 'vitest';
import { privateFolder, root, run, shell } from '../harness.ts';
import { hasServer, printed } from '../servers.ts';
import { csv } from '../stores/rows.ts';

/** Names that formats have to escape, and how line protocol says those that it cannot. */
const NAMES: Readonly<Record<string, string>> = {
  'living room, 2=b': 'living room, 2=b',
  'küche "x"': 'küche "x"',
  '#1 100% {a}/b': '#1 100% {a}/b',
  'C:\\temp': 'C:\\temp',
  'ends\\': 'ends/',
  'a\\,b\\ c\\\\': 'a/,b/ c//',
  "it's": "it's",
};

const readings = csv(
  ...Object.keys(NAMES).map(
    (name, at) => `2025-11-21T10:0${at}:00Z,"${name.replaceAll('"', '""')}",-${at}.50e-3`,
  ),
);

describe.skipIf(!hasServer('clients'))('line_protocol_parser', () => {
  const parsed = async (text: string): Promise<unknown> => {
    const program = join(root, 'test/integration/parse-line-protocol.py');
    const end = await shell(`${printed('clients')}/python3 ${program}`, { stdin: text });
    expect(end).toMatchObject({ status: 0, stderr: '' });
    return JSON.parse(end.stdout);
  };

  it('reads rows of get-stats, whatever sensors are called', async () => {
    const words = ['--influx', '-w', '1h', '--stats', 'last_time', '--label-unit', '°C'];
    const { stdout } = await run('get-stats', words, { stdin: readings });
    const rows = Object.values(NAMES).map((sensor, at) => {
      const value = -(at + 0.5) / 1000;
      const start = 1_763_719_200_000_000_000;
      const fields = { start, count: 1, min: value, max: value, avg: value };
      return expect.arrayContaining([
        'stats',
        { sensor, window: '1h', unit: '°C' },
        { ...fields, last_time: `2025-11-21T10:0${at}:00Z` },
      ]);
    });
    const found = await parsed(stdout);
    expect(found).toHaveLength(rows.length);
    expect(found).toEqual(expect.arrayContaining(rows));
  });

  it('reads readings of get-temp, which get-stats reads again', async () => {
    const cwd = await privateFolder();
    const { stdout } = await run('get-temp', ['--influx', '--at', '2025-11-21', 'sim:a b, c', 'sim:d'], {
      cwd,
    });
    expect(await parsed(stdout)).toEqual(
      ['a b, c', 'd'].map((sensor) => [
        'reading',
        { sensor },
        { value: expect.any(Number) },
        1_763_683_200_000_000_000,
      ]),
    );
    const again = await run('get-stats', ['--format', 'influx'], { stdin: stdout });
    expect(again.stdout).toMatch(
      /^.*\n"a b, c",all,2025-11-21T00:00:00Z,.*\nd,all,2025-11-21T00:00:00Z,.*\n$/,
    );
  });
});

describe.skipIf(!hasServer('clients'))('prometheus_client', () => {
  it('reads what --prometheus writes, whatever sensors are called', async () => {
    const cwd = await privateFolder();
    await run('get-stats', ['--prometheus', 'x.prom'], { cwd, stdin: readings });
    const program = join(root, 'test/integration/parse-metrics.py');
    const text = readFileSync(join(cwd, 'x.prom'), 'utf8');
    const end = await shell(`${printed('clients')}/python3 ${program}`, { stdin: text });
    expect(end).toMatchObject({ status: 0, stderr: '' });
    const samples: unknown[] = JSON.parse(end.stdout);
    for (const [at, sensor] of Object.keys(NAMES).entries()) {
      const labels = { sensor, window: 'all' };
      expect(samples).toContainEqual(['etl_value', { ...labels, stat: 'min' }, -(at + 0.5) / 1000]);
      expect(samples).toContainEqual(['etl_readings', labels, 1]);
      expect(samples).toContainEqual(['etl_row_end_seconds', labels, 1_763_719_440 - 240 + 60 * at]);
    }
  });
});
