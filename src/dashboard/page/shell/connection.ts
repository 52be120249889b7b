/** Shows whether the server is connected, and since when it is not. */

import { formatClock, formatLength, type Zone } from '../data/format.ts';
import { find, icon } from './dom.ts';

interface Connection {
  set(isConnected: boolean): void;
  isLost(): boolean;
  /** Updates the message, with times in this zone; called repeatedly. */
  tick(zone: Zone): void;
}

/** The connection status, in `#connection`. */
export function createConnection(): Connection {
  const element = find('connection', HTMLElement);
  let lostAt: number | undefined;
  let isConnected: boolean | undefined;
  let said = '';
  const say = (className: string, name: string, text: string) => {
    if (said === text) return;
    said = text;
    element.className = className;
    element.replaceChildren(icon(name), text);
  };
  return {
    set(isNow) {
      if (isNow) lostAt = undefined;
      else lostAt ??= Date.now();
      isConnected = isNow;
    },
    isLost: () => lostAt !== undefined,
    tick(zone) {
      if (lostAt !== undefined) {
        // Updated once a minute, not each second: screen readers announce it.
        const minutes = Math.floor((Date.now() - lostAt) / 60_000);
        const since = minutes === 0 ? '' : ` (${formatLength(minutes * 60_000)})`;
        say('lost', 'off', `disconnected since ${formatClock(lostAt, zone)}${since}, trying again`);
      } else if (isConnected === true) say('', 'on', 'live');
    },
  };
}
