/** A bearer token from a file or the environment. */

import { Failure, status } from '../failure.ts';

/**
 * The token, without a line end behind it; undefined for empty text.
 *
 * @param source names its file or variable, for the message
 * @throws Failure (usage), which shows nothing of it, when it has a blank, a line break, or anything but ASCII
 */
export function parseToken(text: string, source: string): string | undefined {
  const token = text.replace(/\r?\n$/, '');
  if (token === '') return undefined;
  if (/^[!-~]+$/.test(token)) return token;
  throw new Failure(status.usage, `${source}: not a token: it must be one line of ASCII without blanks`);
}
