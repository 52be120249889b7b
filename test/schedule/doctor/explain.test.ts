import { expect, it } from 'vitest';
import { readCrontab } from '../../../src/schedule/crontab/read-crontab.ts';
import { explainJobs } from '../../../src/schedule/doctor/explain.ts';
import { graphJob } from '../../../src/schedule/graph/graph-job.ts';
import { POLICY_WORDS } from '../../../src/schedule/jobs/policy-words.ts';
import { graphOf } from '../graph/graphs.ts';

const text = `SECRET=hunter2
CRON_TZ=Europe/Berlin
#: name=attic timeout=50s catchup=last:3h
#: on-failure='mail -s "failed" me'
0 4 * * 1 cat%one%two
`;
const { jobs } = readCrontab(text, 'crontab', { retries: 2 });

it('shows a job with all its policies', () => {
  const shown = [...explainJobs(jobs, false)].join('');
  expect(shown).toMatch(/^crontab:5: attic\n {4}schedule +0 4 \* \* 1 in Europe\/Berlin\n {4}command +cat\n/);
  expect(shown).toContain(String.raw`stdin            "one\ntwo\n"`);
  expect(shown).toMatch(/environment +SECRET CRON_TZ\n/);
  expect(shown).not.toContain('hunter2');
  expect(shown).toMatch(/ {4}overlap +skip\n {4}timeout +50s\n/);
  expect(shown).toMatch(/ {4}retries +2\n/);
  expect(shown).toMatch(/ {4}catchup +last:3h\n/);
  expect(shown).toMatch(/ {4}on-failure +mail -s "failed" me\n {4}on-success +-\n/);
  for (const word of POLICY_WORDS.keys()) expect(shown).toContain(`    ${word} `);
});

it('shows them as NDJSON', () => {
  const [line = ''] = explainJobs(jobs, true);
  expect(JSON.parse(line)).toMatchObject({
    ...{ job: 'attic', line: 5, schedule: '0 4 * * 1', zone: 'Europe/Berlin', command: 'cat' },
    ...{ input: 'one\ntwo\n', env: ['SECRET', 'CRON_TZ'] },
    policies: {
      timeout: '50s',
      retries: '2',
      catchup: 'last:3h',
      'on-success': null,
      final: '64,65,69,70,78,126,127',
    },
  });
});

const graph = graphJob(
  graphOf(`schedule: "@daily"
timezone: UTC
env: {STATION: attic}
overlap: wait
defaults: {retries: 2}
tasks:
  extract: {run: x}
  load: {run: y, needs: [extract], timeout: 50s, retries: 0}
`),
);

it('shows a graph with the policies of the whole, and those of its tasks', () => {
  const shown = [...explainJobs([graph], false)].join('');
  expect(shown).toMatch(
    /^\/etl\/some\.yaml:1: some\n {4}schedule +@daily in UTC\n {4}command +run-tasks \/etl\//,
  );
  expect(shown).toMatch(/ {4}environment +STATION\n {4}overlap +wait\n {4}catchup +none\n/);
  expect(shown).not.toMatch(/^ {4}(?:timeout|retries) /m);
  expect(shown).toMatch(/ {4}task extract +retries=2\n {4}task load +timeout=50s\n$/);
  const [line = ''] = explainJobs([graph], true);
  expect(JSON.parse(line)).toMatchObject({
    ...{ job: 'some', file: '/etl/some.yaml', schedule: '@daily', env: ['STATION'] },
    policies: { overlap: 'wait', catchup: 'none' },
    tasks: [
      { task: 'extract', needs: [], policies: ['retries=2'] },
      { task: 'load', needs: ['extract'], policies: ['timeout=50s'] },
    ],
  });
});
