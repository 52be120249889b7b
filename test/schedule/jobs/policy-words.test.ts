import { describe, expect, it } from 'vitest';
import { readCrontab } from '../../../src/schedule/crontab/read-crontab.ts';
import { DEFAULT_POLICIES, type Policies } from '../../../src/schedule/jobs/policies.ts';
import { POLICY_WORDS, showPolicies } from '../../../src/schedule/jobs/policy-words.ts';

/** The policies of a job below this comment. */
function policiesOf(comment: string, defaults: Partial<Policies> = {}): Policies | undefined {
  const { jobs, problems } = readCrontab(`#: ${comment}\n* * * * * true\n`, 'crontab', defaults);
  expect(problems).toEqual([]);
  return jobs[0]?.policies;
}

function problemOf(comment: string): string | undefined {
  const { problems } = readCrontab(`#: ${comment}\n* * * * * true\n`, 'crontab');
  return problems.map(({ line, column, message }) => `${line}:${column}: ${message}`).join('\n');
}

describe('policies', () => {
  it('are those of the comment, of the options, or the usual ones', () => {
    const comment = 'overlap=skip timeout=50s retries=2 catchup=last:3h';
    expect(policiesOf(comment, { retries: 9, graceMs: 1000 })).toEqual({
      ...DEFAULT_POLICIES,
      graceMs: 1000,
      overlap: 'skip',
      timeoutMs: 50_000,
      retries: 2,
      catchUp: { mode: 'last', windowMs: 10_800_000 },
    });
  });

  it.each<[string, Partial<Policies>]>([
    ['overlap=wait', { overlap: 'wait' }],
    ['timeout=none', { timeoutMs: Number.POSITIVE_INFINITY }],
    ['grace=0s', { graceMs: 0 }],
    ['final=none', { final: new Set() }],
    ['skip-on=99,100', { skipOn: new Set([99, 100]) }],
    ['catchup=all', { catchUp: { mode: 'all', windowMs: Number.POSITIVE_INFINITY } }],
    ['max-log=10M', { maxLogBytes: 10 * 1024 * 1024 }],
    [`on-failure='mail -s "it failed" me'`, { onFailure: 'mail -s "it failed" me' }],
    [`on-success="echo it's done"`, { onSuccess: "echo it's done" }],
    ['on-success=true', { onSuccess: 'true' }],
    ['ping=https://hc.example/a-b?c=d', { ping: 'https://hc.example/a-b?c=d' }],
    ['orphans=wait', { orphans: 'wait' }],
  ])('%s', (comment, policies) => {
    expect(policiesOf(comment)).toEqual({ ...DEFAULT_POLICIES, ...policies });
  });

  it.each([
    ['retires=2', '1:4: unknown policy "retires"; did you mean "retries"?'],
    ['retries', '1:4: retries needs a value: retries=N'],
    ['name', '1:4: name needs a value: name=NAME'],
    ['retries= 2', '1:4: retries needs a value: retries=N'],
    ['retries=2 retries=3', '1:14: retries is given twice'],
    ['timeout=50s\tretries=x', '1:24: retries: not a whole number of at least 0: "x"'],
    ['timeout=0s', '1:12: timeout: not a duration: "0s" (write 90s, 15m, 1h, 7d or PT1H)'],
    ['overlap=Skip', '1:12: overlap: not one of skip, wait, kill: "Skip"; did you mean "skip"?'],
    ['catchup=none:3h', '1:12: catchup: not none, last, all or such as last:3h: "none:3h"'],
    ['final=0', '1:10: final: not exit statuses from 1 to 255: "0" (write 65,78 or none)'],
    ['alert-after=0', '1:16: alert-after: not a whole number of at least 1: "0"'],
    ['ping=example', '1:9: ping: not an http or https URL: "example"'],
    [`on-failure='mail`, `1:4: not word=value, or a quote is not closed: "on-failure='mail"`],
    [`on-failure='mail'x`, `1:4: not word=value, or a quote is not closed: "on-failure='mail'x"`],
    [`on-failure=''`, '1:15: on-failure: the command is empty'],
    ['=2', '1:4: not word=value, or a quote is not closed: "=2"'],
    ['name=', '1:4: name needs a value: name=NAME'],
    [`name=' '`, '1:9: name: a name cannot be empty'],
    [`name=${'x'.repeat(81)}`, '1:9: name: a name can have at most 80 bytes'],
  ])('%j is refused', (comment, problem) => {
    expect(problemOf(comment)).toBe(problem);
  });

  it('are read as they are shown', () => {
    const policies: Policies = {
      ...DEFAULT_POLICIES,
      timeoutMs: 5_400_000,
      retryDelayMs: 1500,
      catchUp: { mode: 'all', windowMs: 86_400_000 },
      onFailure: 'echo "$ETL_JOB failed"',
      onSuccess: "echo it's done",
      ping: 'https://hc.example/1',
    };
    const shown = showPolicies(policies);
    expect(shown).toContain('timeout=1h30m');
    expect(shown).toContain('max-log=10M');
    expect(policiesOf(shown.join(' '))).toEqual(policies);
    expect(policiesOf(showPolicies(DEFAULT_POLICIES).join(' '))).toEqual(DEFAULT_POLICIES);
  });

  it('have one word each', () => {
    const keys = [...POLICY_WORDS.values()].map(({ key }) => key);
    expect(keys.sort()).toEqual(Object.keys(DEFAULT_POLICIES).sort());
  });
});
