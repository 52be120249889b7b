/** The settings in the header: time zone, colours, and whether keys are commands. */

import { bindChoice, find } from '../shell/dom.ts';
import type { Preferences } from '../shell/preferences.ts';

/** Makes them work. @returns what shows them */
export function createSettings(prefer: (change: Partial<Preferences>) => void): (shown: Preferences) => void {
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
