import { execFileSync } from 'node:child_process';
import { mkdirSync, symlinkSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { describe, expect, it } from 'vitest';
import { Report } from '../../src/cli/report.ts';
import { readReports } from '../../src/ledger/report-file.ts';
import { privateFolder } from '../harness.ts';

const line = (tool: string, rows: object = {}) =>
  JSON.stringify({ tool, in: 3, out: 2, rejected: 1, ms: 41, status: 0, ...rows });
const report = (tool: string, rows: object = {}) => JSON.parse(line(tool, rows));

async function readBack(content: string) {
  const file = join(await privateFolder(), 'report');
  writeFileSync(file, content);
  return readReports(file);
}

describe('the reports of a try', () => {
  it('are those that tools have written, in their order', async () => {
    const file = join(await privateFolder(), 'report');
    for (const tool of ['get-temp', 'load-stats']) {
      const written = new Report(tool, file);
      written.count({ in: 3, out: 2, rejected: 1 });
      written.append(75, () => {});
    }
    expect(readReports(file).map((each) => ({ ...each, ms: 41 }))).toEqual([
      report('get-temp', { status: 75 }),
      report('load-stats', { status: 75 }),
    ]);
  });

  it('leave out what is no report', async () => {
    const odd = ['', 'x', '{}', 'null', '[1]', '{"tool":""}', '{"tool":"x"}', '{"tool":7,"ms":1,"status":0}'];
    const long = line('x'.repeat(101));
    const huge = line('a', { more: 'x'.repeat(5000) });
    expect(await readBack([line('a'), ...odd, long, huge, line('b')].join('\n'))).toEqual([
      report('a'),
      report('b'),
    ]);
  });

  it('are found behind a line that was cut, and without numbers that are none', async () => {
    expect(await readBack(`${line('a').slice(0, 20)}${line('b')}\n${line('c').slice(0, -3)}`)).toEqual([
      report('b'),
    ]);
    expect(await readBack(line('a', { in: -1, out: 1.5, rejected: 'x' }))).toEqual([
      { tool: 'a', in: undefined, out: undefined, rejected: undefined, ms: 41, status: 0 },
    ]);
  });

  it('are summed up by tool, but for the last hundred', async () => {
    const lines = Array.from({ length: 300 }, (_, at) => line(at % 2 === 0 ? 'a' : 'b', { status: at }));
    const reports = await readBack(lines.join('\n'));
    const sums = { in: 300, out: 200, rejected: 100, ms: 4100 };
    expect(reports).toHaveLength(102);
    expect(reports.slice(0, 3)).toEqual([
      report('a', { ...sums, status: 198 }),
      report('b', { ...sums, status: 199 }),
      report('a', { status: 200 }),
    ]);
    expect(reports.at(-1)).toEqual(report('b', { status: 299 }));
  });

  it('are read from the end of a file that is far too long', async () => {
    expect(await readBack(`${'x'.repeat(5 << 20)}\n${line('a')}\n`)).toEqual([report('a')]);
    expect((await readBack(`${line('a')}\n`.repeat(100_000))).length).toBe(101);
  });

  it('are none where there is no such file', async () => {
    const folder = await privateFolder();
    mkdirSync(join(folder, 'folder'));
    execFileSync('mkfifo', [join(folder, 'pipe')]);
    symlinkSync('/dev/zero', join(folder, 'link'));
    for (const name of ['missing', 'folder', 'pipe', 'link'])
      expect(readReports(join(folder, name))).toEqual([]);
  });
});
