/** Preferences that the browser keeps, where it allows that. */

import { formatPreferences, type Preferences, parsePreferences } from './preferences.ts';

const KEY = 'etlutils';

/** The kept preferences; those of a first visit where there are none. */
export function loadPreferences(): Preferences {
  try {
    return parsePreferences(localStorage.getItem(KEY));
  } catch {
    // Not allowed.
    return parsePreferences(null);
  }
}

/** Keeps preferences for the next visit, where that is possible. */
export function keepPreferences(preferences: Preferences): void {
  try {
    localStorage.setItem(KEY, formatPreferences(preferences));
  } catch {
    // Not allowed, or full: they hold as long as the page is open.
  }
}
