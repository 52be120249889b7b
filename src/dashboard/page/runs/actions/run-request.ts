/** What a person wants of a run. */

import type { Zone } from '../../data/format.ts';
import type { RunRequestJson } from '../runs-json.ts';

interface Variable {
  readonly name: string;
  /** What its input has unless a person says otherwise. */
  readonly value: string;
  readonly input: { readonly value: string };
}

/** Only what a person has changed. @param at as its input has it: `2026-11-21T10:04`, '' for none */
export function requestOf(variables: readonly Variable[], at: string, zone: Zone): RunRequestJson {
  const changed = variables.filter(({ value, input }) => input.value !== value);
  const env = Object.fromEntries(changed.map(({ name, input }) => [name, input.value]));
  return {
    ...(at !== '' && { at: new Date(zone === 'utc' ? `${at}Z` : at).toISOString() }),
    ...(changed.length > 0 && { env }),
  };
}
