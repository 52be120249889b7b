/** Starts serve-stats, and sends it requests. */

import { ended } from './run.js';

/** @typedef {import('./run.js').Room} Room */
/** @typedef {import('./run.js').Ended} Ended */

/**
 * @typedef {object} Served
 * @property {import('./run.js').ChildProcess} child
 * @property {string | undefined} url undefined if it ended before it listened
 * @property {string | undefined} token
 * @property {Promise<Ended>} end
 */

/**
 * @param {Room} room
 * @param {readonly string[]} words
 * @param {{ readonly patienceMs?: number, readonly token?: string }} [setting] token: required for posts
 * @returns {Promise<Served>}
 */
export async function startServer(room, words, { patienceMs, token } = {}) {
  /** @type {Record<string, string>} */
  const env = token === undefined ? {} : { ETL_TOKEN: token };
  const child = room.start(['serve-stats', '--port', '0', ...words], { env });
  const end = ended(child, patienceMs);
  const url = await Promise.race([
    /** @type {Promise<string>} */ (
      new Promise((resolve) => child.stdout?.once('data', (line) => resolve(String(line).trim())))
    ),
    end.then(() => undefined),
  ]);
  return { child, url, token, end };
}

/**
 * Posts rows. @param {Served} served @param {string} body @returns {Promise<boolean>} whether they were acknowledged
 */
export async function post({ url, token }, body) {
  if (url === undefined) return false;
  try {
    const response = await fetch(new URL('api/stats', url), {
      method: 'POST',
      headers: { 'content-type': 'text/csv', ...(token && { authorization: `Bearer ${token}` }) },
      body,
      signal: AbortSignal.timeout(15_000),
    });
    await response.text();
    return response.ok;
  } catch {
    return false;
  }
}

/** Stops a server gracefully. @param {Served} served @returns {Promise<Ended>} */
export function stopServer({ child, end }) {
  child.kill('SIGTERM');
  return end;
}
