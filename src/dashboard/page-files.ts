/** The files of the page, read from its folder when the server starts; no other file can be reached. */

import { createHash } from 'node:crypto';
import { promises as fs } from 'node:fs';
import { extname, join } from 'node:path';
import { listedIn } from './header-values.ts';

/** A file in memory. */
export interface PageFile {
  readonly bytes: Uint8Array<ArrayBuffer>;
  readonly type: string;
  /** The ETag. */
  readonly tag: string;
}

const types: Readonly<Record<string, string>> = {
  '.css': 'text/css; charset=utf-8',
  '.html': 'text/html; charset=utf-8',
  '.ico': 'image/x-icon',
  '.js': 'text/javascript; charset=utf-8',
  '.json': 'application/json',
  '.png': 'image/png',
  '.svg': 'image/svg+xml',
  '.webmanifest': 'application/manifest+json',
  '.woff2': 'font/woff2',
};

/** The parts of a page that link to the page of runs. */
const LEDGER_ONLY = /<!--ledger-->.*?<!--\/ledger-->/gs;

/**
 * All files by path, such as `/app.js`; the index is `/`.
 *
 * @param hasLedger whether there are runs to show; if not, no page links to theirs
 */
export async function readPageFiles(hasLedger: boolean): Promise<ReadonlyMap<string, PageFile>> {
  const folder = join(import.meta.dirname, '../dashboard/page');
  const files = new Map<string, PageFile>();
  for (const entry of await fs.readdir(folder, { withFileTypes: true })) {
    const type = types[extname(entry.name)];
    if (!entry.isFile() || type === undefined) continue;
    const read = await fs.readFile(join(folder, entry.name));
    const isCut = entry.name === 'index.html' && !hasLedger;
    const bytes = new Uint8Array(isCut ? Buffer.from(read.toString().replace(LEDGER_ONLY, '')) : read);
    const tag = `"${createHash('sha256').update(bytes).digest('base64url').slice(0, 22)}"`;
    files.set(entry.name === 'index.html' ? '/' : `/${entry.name}`, { bytes, type, tag });
  }
  return files;
}

/** The file, or 304 when the browser has it already. */
export function answerFile({ bytes, type, tag }: PageFile, request: Request): Response {
  // The browser revalidates each time, so that a page and its script are of one version.
  const headers = { etag: tag, 'cache-control': 'no-cache' };
  const known = listedIn(request.headers.get('if-none-match'));
  if (known.includes(tag) || known.includes(`W/${tag}`)) return new Response(null, { status: 304, headers });
  return new Response(bytes, { headers: { ...headers, 'content-type': type } });
}
