import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { describe, expect, it } from 'vitest';
import { collect } from '../../../src/async/collect.ts';
import { readCrontab } from '../../../src/schedule/crontab/read-crontab.ts';
import { testJobs } from '../../../src/schedule/doctor/doctor.ts';
import { graphJob } from '../../../src/schedule/graph/graph-job.ts';
import { graphOf } from '../graph/graphs.ts';

const now = Date.parse('2026-11-29T11:00:00Z');

function test(text: string, question: { count?: number; from?: number; to?: number; json?: boolean } = {}) {
  const { jobs, problems } = readCrontab(text, 'crontab', {}, { zone: 'Europe/Berlin' });
  expect(problems).toEqual([]);
  const file = { file: 'crontab', crontab: text, jobs };
  return collect(
    testJobs({
      loaded: { files: [file], jobs, problems: [], name: 'crontab' },
      count: 2,
      json: false,
      surroundings: { now, cwd: '/', env: {}, ledger: join(tmpdir(), 'runs.db'), pid: 2 },
      ...question,
    }),
  );
}

describe('testJobs', () => {
  it('shows when each job is due next, with its warnings', async () => {
    const lines = await test(
      '#: name=attic\n30 4 * * 1 true\n\n0 0 30 2 * true\n@reboot true\n@every 5s true',
    );
    expect(lines.join('')).toBe(`crontab:2: attic: 30 4 * * 1 (Europe/Berlin)
    2026-11-30T03:30:00Z  Mon 04:30
    2026-12-07T03:30:00Z  Mon 04:30

crontab:4: true: 0 0 30 2 * (Europe/Berlin)
    never
    warning: it never runs: no month that it names has that day

crontab:5: true-2: @reboot
    when schedule starts

crontab:6: true-3: @every 5s
    2026-11-29T11:00:00Z  Sun
    2026-11-29T11:00:05Z  Sun

crontab:6: warning: no newline at the end of the last line: cron refuses the file, or leaves the line out
`);
  });

  it('gives the same as NDJSON', async () => {
    const lines = await test('0 0 30 2 * true\n30 23 * * * true', { json: true, count: 1 });
    expect(lines.map((line) => JSON.parse(line))).toEqual([
      {
        ...{
          job: 'true',
          file: 'crontab',
          line: 1,
          schedule: '0 0 30 2 *',
          zone: 'Europe/Berlin',
          command: 'true',
          next: [],
        },
        warnings: [{ kind: 'never', message: 'it never runs: no month that it names has that day' }],
      },
      {
        ...{
          job: 'true-2',
          file: 'crontab',
          line: 2,
          schedule: '30 23 * * *',
          zone: 'Europe/Berlin',
          command: 'true',
        },
        ...{ next: ['2026-11-29T22:30:00Z'], warnings: [] },
      },
      { job: null, kind: 'file', file: 'crontab', line: 2, message: expect.stringContaining('no newline') },
    ]);
  });

  it('gives all due times from one up to but not at another, in their order', async () => {
    const text = '#: name="a,b"\n*/2 * * * * true\n#: name=c\n*/3 * * * * true\n@reboot x\n';
    const span = { from: now, to: now + 6 * 60_000 };
    expect((await test(text, span)).join('')).toBe(
      '2026-11-29T11:00:00Z,"a,b"\n2026-11-29T11:00:00Z,c\n2026-11-29T11:02:00Z,"a,b"\n' +
        '2026-11-29T11:03:00Z,c\n2026-11-29T11:04:00Z,"a,b"\n',
    );
    expect((await test(text, { ...span, json: true }))[0]).toBe(
      '{"time":"2026-11-29T11:00:00Z","job":"a,b"}\n',
    );
  });

  it('knows graphs, and whose warning it is', async () => {
    const hand = graphJob(graphOf('tasks: {a: {run: ":"}}', '/usr/hand.yaml'));
    const never = graphJob(
      graphOf('schedule: 0 0 31 4 *\ntimezone: UTC\ntasks: {a: {run: ":"}}', '/usr/never.yaml'),
    );
    const crontab = '@reboot true';
    const { jobs } = readCrontab(crontab, 'crontab');
    const files = [
      { file: '/usr/hand.yaml', crontab: undefined, jobs: [hand] },
      { file: 'crontab', crontab, jobs },
      { file: '/usr/never.yaml', crontab: undefined, jobs: [never] },
    ];
    const loaded = { files, jobs: files.flatMap((file) => file.jobs), problems: [], name: 'all' };
    const surroundings = { now, cwd: '/', env: {}, ledger: join(tmpdir(), 'runs.db'), pid: 1 };
    const lines = await collect(testJobs({ loaded, count: 1, json: false, surroundings }));
    expect(lines.join('')).toBe(`/usr/hand.yaml:1: hand
    by hand

crontab:1: true: @reboot
    when schedule starts

/usr/never.yaml:1: never: 0 0 31 4 * (UTC)
    never
    warning: it never runs: no month that it names has that day

crontab:1: warning: no newline at the end of the last line: cron refuses the file, or leaves the line out
all: warning: schedule is PID 1 here: it must reap processes that jobs leave behind, and they end with it (docker run --init gives it a parent)
`);
  });
});
