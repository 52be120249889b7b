import { expect, it } from 'vitest';
import { readCrontab } from '../../../src/schedule/crontab/read-crontab.ts';
import { explainJobs } from '../../../src/schedule/doctor/explain.ts';
import { POLICY_WORDS } from '../../../src/schedule/policy-words.ts';

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
