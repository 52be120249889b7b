import { expect, it } from 'vitest';
import { readCrontab } from '../../../src/schedule/crontab/read-crontab.ts';
import { dueJobs, dueRows } from '../../../src/schedule/doctor/due-rows.ts';
import { dueTimes } from '../../../src/schedule/due/due.ts';

const text = Array.from(
  { length: 60 },
  (_, at) => `${at}-59/${1 + (at % 7)} ${at % 24},*/5 * * * x${at}\n`,
).join('');
const { jobs } = readCrontab(
  `${text}@every 7m seven\n@reboot start\n`,
  'crontab',
  {},
  { zone: 'Europe/Berlin' },
);
const span = { from: Date.parse('2026-10-24T00:00Z'), to: Date.parse('2026-10-26T00:00Z') };

it('gives what is due of all jobs in order, and jobs of one time as the crontab has them', () => {
  expect(jobs).toHaveLength(62);
  const all = jobs.flatMap((job, index) =>
    [...dueTimes(job.when, span)].map((time) => ({ time, index, job })),
  );
  all.sort((one, other) => one.time - other.time || one.index - other.index);
  const found = [...dueJobs(jobs, span)];
  expect(found.length).toBeGreaterThan(5000);
  expect(found.map(({ time, job }) => `${time} ${job.name}`)).toEqual(
    all.map(({ time, job }) => `${time} ${job.name}`),
  );
});

it('gives nothing for no jobs, and for a span without any', () => {
  expect([...dueRows([], span, false)]).toEqual([]);
  expect([...dueRows(jobs, { from: span.to, to: span.from }, true)]).toEqual([]);
});
