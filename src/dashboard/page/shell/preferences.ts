/** What one person likes, kept by the browser where it allows that. */

import type { Unit } from '../data/display-units.ts';
import type { Zone } from '../data/format.ts';

export interface Preferences {
  readonly unit: Unit;
  readonly zone: Zone;
  readonly theme: 'auto' | 'light' | 'dark';
  /** Whether single letters are commands. */
  readonly keys: boolean;
}

const KEY = 'etlutils';

/** Of any text, or none. */
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

export function formatPreferences({ unit, zone, theme, keys }: Preferences): string {
  return new URLSearchParams({ unit, zone, theme, keys: keys ? 'on' : 'off' }).toString();
}

export function loadPreferences(): Preferences {
  try {
    return parsePreferences(localStorage.getItem(KEY));
  } catch {
    // Not allowed: then all is as at first.
    return parsePreferences(null);
  }
}

export function keepPreferences(preferences: Preferences): void {
  try {
    localStorage.setItem(KEY, formatPreferences(preferences));
  } catch {
    // Not allowed, or full: it holds as long as the page is open.
  }
}
