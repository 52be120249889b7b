/** The current preferences: changes are stored, and the theme follows them and the system. */

import type { Preferences } from './preferences.ts';
import { keepPreferences, loadPreferences } from './stored-preferences.ts';
import { applyTheme, onSchemeChange, type Theme } from './theme.ts';

interface LivePreferences {
  now(): Preferences;
  theme(): Theme;
  prefer(change: Partial<Preferences>): void;
}

/** @param changed called after each change */
export function createPreferences(changed: () => void): LivePreferences {
  let preferences = loadPreferences();
  let theme = applyTheme(preferences.theme);
  const prefer = (change: Partial<Preferences>) => {
    preferences = { ...preferences, ...change };
    keepPreferences(preferences);
    theme = applyTheme(preferences.theme);
    changed();
  };
  onSchemeChange(() => prefer({}));
  return { now: () => preferences, theme: () => theme, prefer };
}
