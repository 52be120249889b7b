import { describe, expect, test } from 'vitest';
import {
  judge,
  type Upstream,
  type Verdict,
} from '../../../../src/schedule/graph/execution/trigger-rules.ts';
import { TRIGGER_RULES, type TriggerRule } from '../../../../src/schedule/graph/graph.ts';
import { type EndState, oracleVerdict } from '../airflow-oracle.ts';

/** Of two needed tasks their states, each a letter: success, failed, upstream failed (u), skipped (k), not ended (-). */
const PAIRS = ['--', 's-', 'f-', 'u-', 'k-', 'ss', 'ff', 'uu', 'kk', 'sf', 'su', 'sk', 'fu', 'fk', 'uk'];

/** What the rule says of each pair: wait, run, skipped (k), upstream failed (u). */
const TABLE: Readonly<Record<TriggerRule, string>> = {
  //                             --   s-  f-  u-  k-  ss  ff  uu  kk  sf  su  sk  fu  fk  uk
  all_success: /*             */ 'w   w   u   u   k   r   u   u   k   u   u   k   u   u   u',
  all_failed: /*              */ 'w   k   w   w   k   k   r   r   k   k   k   k   r   k   k',
  all_done: /*                */ 'w   w   w   w   w   r   r   r   r   r   r   r   r   r   r',
  one_success: /*             */ 'w   r   w   w   w   r   u   u   k   r   r   r   u   u   u',
  one_failed: /*              */ 'w   w   r   r   w   k   r   r   k   r   r   k   r   r   r',
  none_failed: /*             */ 'w   w   u   u   w   r   u   u   r   u   u   r   u   u   u',
  none_failed_min_one_success: 'w   w   u   u   w   r   u   u   k   u   u   r   u   u   u',
  none_skipped: /*            */ 'w   w   w   w   k   r   r   r   k   r   r   k   r   k   k',
  always: /*                  */ 'r   r   r   r   r   r   r   r   r   r   r   r   r   r   r',
};
const VERDICTS: Readonly<Record<string, Verdict>> = {
  ...{ w: 'wait', r: 'run', k: 'skipped', u: 'upstream_failed' },
};

function upstreamOf(states: string): Upstream {
  const count = (letter: string) => [...states].filter((state) => state === letter).length;
  const counts = { success: count('s'), failed: count('f'), upstreamFailed: count('u'), skipped: count('k') };
  return { total: states.length, ...counts };
}

describe.each(TRIGGER_RULES)('%s', (rule) => {
  const verdicts = TABLE[rule].split(/ +/).map((letter) => VERDICTS[letter]);
  test.each(PAIRS.map((states, at) => [states, verdicts[at]] as const))('%s: %s', (states, verdict) => {
    expect(judge(rule, upstreamOf(states))).toBe(verdict);
  });

  test('runs where nothing is needed', () => {
    expect(judge(rule, upstreamOf(''))).toBe('run');
  });

  test('decides when all have ended', () => {
    for (const states of PAIRS.filter((pair) => !pair.includes('-')))
      expect(judge(rule, upstreamOf(states))).not.toBe('wait');
  });

  test('what is decided early stays, but for the kind of the end', () => {
    for (const first of 'sfuk')
      for (const second of 'sfuk') {
        const early = judge(rule, upstreamOf(`${first}-`));
        const late = judge(rule, upstreamOf(`${first}${second}`));
        if (early !== 'wait') expect(early === 'run', `${first}${second}`).toBe(late === 'run');
      }
  });
});

/** All ways to choose this many of the states. */
function* choices(size: number): Generator<readonly EndState[]> {
  if (size === 0) return yield [];
  for (const first of ['success', 'failed', 'skipped', 'upstream_failed'] as const)
    for (const rest of choices(size - 1)) yield [first, ...rest];
}

test.each(TRIGGER_RULES)('%s, of up to four tasks: as the documentation of Airflow has it', (rule) => {
  for (const size of [0, 1, 2, 3, 4])
    for (const ended of choices(size))
      for (let open = 0; open + size <= 4; open++) {
        const count = (state: EndState) => ended.filter((one) => one === state).length;
        const verdict = judge(rule, {
          ...{ total: size + open, success: count('success'), failed: count('failed') },
          ...{ skipped: count('skipped'), upstreamFailed: count('upstream_failed') },
        });
        expect(verdict, `${ended} and ${open} more`).toBe(oracleVerdict(rule, ended, open));
      }
});
