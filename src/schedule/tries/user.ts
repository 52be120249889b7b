/** The user of this process. */

import { userInfo } from 'node:os';

/** In a container the user may be a mere number. */
export function user(): { readonly name: string; readonly home: string } {
  try {
    const { username, homedir } = userInfo();
    return { name: username, home: homedir };
  } catch {
    return { name: String(process.getuid?.() ?? ''), home: '/' };
  }
}
