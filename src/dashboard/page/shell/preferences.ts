/** What one person likes. */

import type { Unit } from '../data/display-units.ts';
import type { Zone } from '../data/format.ts';

export interface Preferences {
  readonly unit: Unit;
  readonly zone: Zone;
  readonly theme: 'auto' | 'light' | 'dark';
  /** Whether single letters are commands. */
  readonly keys: boolean;
}

/** Reads any text, or none: what it does not say, or says wrongly, is as on a first visit. */
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

/** The text that `parsePreferences` reads. */
export function formatPreferences({ unit, zone, theme, keys }: Preferences): string {
  return new URLSearchParams({ unit, zone, theme, keys: keys ? 'on' : 'off' }).toString();
}
