/** Preferences in the browser's local storage, where it is permitted. */

import { formatPreferences, type Preferences, parsePreferences } from './preferences.ts';

const KEY = 'etlutils';

/** The stored preferences, or the defaults. */
export function loadPreferences(): Preferences {
  try {
    return parsePreferences(localStorage.getItem(KEY));
  } catch {
    // Storage is blocked.
    return parsePreferences(null);
  }
}

/** Stores preferences for the next visit, if possible. */
export function keepPreferences(preferences: Preferences): void {
  try {
    localStorage.setItem(KEY, formatPreferences(preferences));
  } catch {
    // Storage is blocked or full: the preferences last as long as the page is open.
  }
}
