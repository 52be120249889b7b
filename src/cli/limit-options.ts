/** The options of tools that know the limits of values. */

import { Failure, status } from '../failure.ts';
import { areCrossed, type LimitRule, type LimitRules, parseLimits } from '../readings/sensor-limits.ts';
import type { Options } from './option.ts';

const limitValue = { type: 'text', value: 'NUMBER|LIST', repeats: true, parse: parseLimits } as const;

/** Declares `--max` and `--min`. */
export const limitOptions = {
  max: {
    ...limitValue,
    describe: 'upper limit of maximums; by sensor: attic*=30,*humidity=70',
  },
  min: { ...limitValue, describe: 'lower limit of minimums' },
} as const satisfies Options;

/** The rules of both options. @throws Failure (usage) when they leave nothing */
export function limitRules({
  max,
  min,
}: Readonly<Record<'max' | 'min', readonly LimitRule[][]>>): LimitRules {
  const rules = { max: max.flat(), min: min.flat() };
  if (areCrossed(rules)) throw new Failure(status.usage, '--min is above --max');
  return rules;
}
