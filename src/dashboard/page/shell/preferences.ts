/** The preferences of a user. */

import type { Unit } from '../data/display-units.ts';
import type { Zone } from '../data/format.ts';

export interface Preferences {
  readonly unit: Unit;
  readonly zone: Zone;
  readonly theme: 'auto' | 'light' | 'dark';
  /** Whether single-letter shortcuts are on. */
  readonly keys: boolean;
}

/** Parses any text, or none: whatever is missing or invalid has its default. */
export function parsePreferences(text: string | null): Preferences {
  const said = new URLSearchParams(text ?? '');
  const theme = said.get('theme');
  return {
    unit: said.get('unit') === 'F' ? 'F' : 'C',
    zone: said.get('zone') === 'utc' ? 'utc' : 'local',
    theme: theme === 'light' || theme === 'dark' ? theme : 'auto',
    keys: said.get('keys') !== 'off',
  };
}

/** The inverse of `parsePreferences`. */
export function formatPreferences({ unit, zone, theme, keys }: Preferences): string {
  return new URLSearchParams({ unit, zone, theme, keys: keys ? 'on' : 'off' }).toString();
}
