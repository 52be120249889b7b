import { readFileSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { describe, expect, it } from 'vitest';
import { Report } from '../../src/cli/report.ts';
import { defineTool } from '../../src/cli/tool.ts';
import { privateFolder } from '../harness.ts';
import { runInProcess } from '../in-process.ts';

/** The counts of a run that writes these pieces to stdout, and then counts these rows. */
async function reported(pieces: readonly string[], counts: Parameters<Report['count']>[0] = {}) {
  const file = join(await privateFolder(), 'report');
  const report = new Report('try', file);
  const write = report.counting(async () => {});
  for (const piece of pieces) await write(Buffer.from(piece));
  report.count(counts);
  report.append(0, () => {});
  const { in: taken, out, rejected } = JSON.parse(readFileSync(file, 'utf8'));
  return [taken, out, rejected];
}

describe('Report', () => {
  it('takes lines of stdout for rows, the last one also without a newline', async () => {
    expect(await reported(['a\nb', 'c\n', 'd'])).toEqual([0, 3, 0]);
    expect(await reported(['a\nb', 'c\n'])).toEqual([0, 2, 0]);
    expect(await reported([])).toEqual([0, 0, 0]);
  });

  it('takes rows that the tool has counted in their place, even none', async () => {
    expect(await reported(['a\nb\n'], { in: 7, out: 5, rejected: 2 })).toEqual([7, 5, 2]);
    expect(await reported(['a\nb\n'], { out: 0 })).toEqual([0, 0, 0]);
  });

  it('does not count what could not be written', async () => {
    const file = join(await privateFolder(), 'report');
    const report = new Report('try', file);
    const write = report.counting(() => Promise.reject(new Error('EPIPE')));
    await expect(write(Buffer.from('a\n'))).rejects.toThrow('EPIPE');
    report.append(0, () => {});
    expect(JSON.parse(readFileSync(file, 'utf8'))).toMatchObject({ out: 0 });
  });

  it('leaves stdout alone when no report is wanted', () => {
    const write = async () => {};
    expect(new Report('try', undefined).counting(write)).toBe(write);
    expect(new Report('try', '').counting(write)).toBe(write);
  });

  it('adds a line to those that are there, and says why it cannot', async () => {
    const folder = await privateFolder();
    const file = join(folder, 'report');
    writeFileSync(file, 'before\n');
    new Report('try', file).append(75, () => {});
    expect(readFileSync(file, 'utf8')).toMatch(
      /^before\n\{"tool":"try","in":0,"out":0,"rejected":0,"ms":\d+,"status":75\}\n$/,
    );
    const said: string[] = [];
    new Report('try', folder).append(0, (message) => said.push(message));
    expect(said).toEqual([expect.stringMatching(/: no report: is a directory|: no report: /)]);
  });
});

describe('a run', () => {
  const tool = defineTool({
    name: 'try',
    summary: 'Try it.',
    notes: 'It promises nothing.',
    options: {},
    examples: [['$0', 'try']],
    async *run(_, io) {
      io.pass(2);
      io.accept(3);
      io.reject({ text: 'x', source: 'log', number: 6, torn: false }, { kind: 'odd', detail: 'odd' });
      yield 'header\na\nb\n';
      throw new Error('what?');
    },
  });

  it('is reported with its rows when it fails, too', async () => {
    const file = join(await privateFolder(), 'report');
    await runInProcess(tool, [], { env: { ETL_REPORT: file } });
    expect(JSON.parse(readFileSync(file, 'utf8'))).toEqual({
      ...{ tool: 'try', in: 6, out: 2, rejected: 1, status: 70 },
      ms: expect.any(Number),
    });
  });

  it('is reported when its command line is refused, and not for its help', async () => {
    const file = join(await privateFolder(), 'report');
    const env = { ETL_REPORT: file };
    await runInProcess(tool, ['--help'], { env });
    await runInProcess(tool, ['--no-such'], { env });
    expect(JSON.parse(readFileSync(file, 'utf8'))).toMatchObject({ in: 0, out: 0, status: 64 });
  });
});
