/** Turns the fields of the run dialog into a request. */

import type { Zone } from '../../data/format.ts';
import type { RunRequestJson } from '../runs-json.ts';

interface Variable {
  readonly name: string;
  /** The default. */
  readonly value: string;
  readonly input: { readonly value: string };
}

/** Includes only changed values. @param at the value of the datetime field: `2026-11-21T10:04`, '' for none */
export function requestOf(variables: readonly Variable[], at: string, zone: Zone): RunRequestJson {
  const changed = variables.filter(({ value, input }) => input.value !== value);
  const env = Object.fromEntries(changed.map(({ name, input }) => [name, input.value]));
  return {
    ...(at !== '' && { at: new Date(zone === 'utc' ? `${at}Z` : at).toISOString() }),
    ...(changed.length > 0 && { env }),
  };
}
