/**
 * The one table of the words for policies: in crontab comments, options of `schedule`, and keys of a task.
 */

import type { Overlap, Policies } from './policies.ts';
import * as forms from './policy-forms.ts';

/** A word: the policy it sets, the form of its values, and its description. */
export interface PolicyWord<Key extends keyof Policies = keyof Policies> extends forms.Form<Policies[Key]> {
  readonly key: Key;
  readonly describe: string;
}

/** By word. `name` is not among them, since it is no policy. */
export const POLICY_WORDS: ReadonlyMap<string, PolicyWord> = new Map<string, PolicyWord>([
  word('overlap', 'overlap', {
    ...forms.choice<Overlap>(['skip', 'wait', 'kill']),
    describe:
      'when a run is due while the previous one goes on: skip it, let it wait (one at most), or kill the previous one',
  }),
  word('timeout', 'timeoutMs', {
    ...forms.timeLimit,
    describe: 'stop a try that takes longer',
  }),
  word('grace', 'graceMs', {
    ...forms.wait,
    describe: 'time between TERM and KILL when a try is stopped',
  }),
  word('retries', 'retries', { ...forms.atLeast(0), describe: 'retries of a failed try' }),
  word('retry-delay', 'retryDelayMs', {
    ...forms.wait,
    describe: 'pause before the first retry, doubled for each further one',
  }),
  word('max-retry-delay', 'maxRetryDelayMs', { ...forms.wait, describe: 'longest pause before a retry' }),
  word('final', 'final', { ...forms.statuses, describe: 'exit statuses that are never retried' }),
  word('skip-on', 'skipOn', {
    ...forms.statuses,
    describe: 'exit statuses that mean there was nothing to do',
  }),
  word('catchup', 'catchUp', {
    ...forms.catchUp,
    describe: 'which missed runs to make up, if due within WINDOW',
  }),
  word('max-log', 'maxLogBytes', {
    ...forms.size,
    describe: 'maximum bytes of a log; a longer one loses its middle',
  }),
  word('on-failure', 'onFailure', {
    ...forms.command,
    describe: 'shell command after the last try has failed',
  }),
  word('on-success', 'onSuccess', { ...forms.command, describe: 'shell command after a run has succeeded' }),
  word('alert-after', 'alertAfter', {
    ...forms.atLeast(1),
    describe: 'failed runs in a row before on-failure runs, once, until a run succeeds',
  }),
  word('ping', 'ping', {
    ...forms.url,
    describe: 'URL to notify of start, success and failure, as for healthchecks.io',
  }),
  word('min-time', 'minTimeMs', { ...forms.wait, describe: 'report runs that take less time' }),
  word('expect-rows', 'expectRows', { ...forms.atLeast(0), describe: 'report runs that put out fewer rows' }),
  word('orphans', 'orphans', {
    ...forms.choice<Policies['orphans']>(['stop', 'wait']),
    describe: 'a try whose schedule was killed: stop it, or wait for its end',
  }),
]);

/** Policies as `word=value`, quoted for a crontab comment; unset ones are left out. */
export function showPolicies(policies: Partial<Policies>): string[] {
  return [...POLICY_WORDS].flatMap(([text, { key, show }]) => {
    const value = policies[key];
    return value === undefined ? [] : [`${text}=${quoted(show(value))}`];
  });
}

function word<Key extends keyof Policies>(
  text: string,
  key: Key,
  what: Omit<PolicyWord<Key>, 'key'>,
): [string, PolicyWord<Key>] {
  return [text, { ...what, key }];
}

function quoted(text: string): string {
  if (!/[\s"']/.test(text)) return text;
  return text.includes("'") ? `"${text}"` : `'${text}'`;
}
