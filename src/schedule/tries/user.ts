/** The user of this process. */

import { userInfo } from 'node:os';

/** In a container the user may have a UID but no name. */
export function user(): { readonly name: string; readonly home: string } {
  try {
    const { username, homedir } = userInfo();
    return { name: username, home: homedir };
  } catch {
    return { name: String(process.getuid?.() ?? ''), home: '/' };
  }
}
