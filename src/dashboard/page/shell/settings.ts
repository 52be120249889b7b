/** The settings shared by all pages: time zone, colour scheme, and keyboard shortcuts. */

import { bindChoice, find } from './dom.ts';
import type { Preferences } from './preferences.ts';
import { isDark } from './theme.ts';

type Prefer = (change: Partial<Preferences>) => void;

/** Binds the settings. @returns a function that shows them */
export function createSettings(prefer: Prefer): (shown: Preferences) => void {
  const setters = {
    zone: bindChoice('zone', (value) => prefer({ zone: value === 'utc' ? value : 'local' })),
    theme: bindChoice('theme', (value) =>
      prefer({ theme: value === 'light' || value === 'dark' ? value : 'auto' }),
    ),
  };
  const keys = find('keys', HTMLInputElement);
  keys.onchange = () => prefer({ keys: keys.checked });
  return (shown) => {
    setters.zone(shown.zone);
    setters.theme(shown.theme);
    keys.checked = shown.keys;
  };
}

/** The shortcuts that change settings. */
export function settingKeys(preferences: () => Preferences, prefer: Prefer) {
  return {
    z: () => prefer({ zone: preferences().zone === 'utc' ? 'local' : 'utc' }),
    d: () => prefer({ theme: isDark(preferences().theme) ? 'light' : 'dark' }),
  };
}
