/** Request headers from a file. */

import { Failure, status } from '../failure.ts';
import { readWholeFile } from '../files/whole-file.ts';
import { decodeText } from '../lines/text.ts';

const LARGEST = 1 << 20;
const HEADER = /^([!#$%&'*+.^_`|~0-9A-Za-z-]+):([\t\x20-\x7e\x80-\xff]*)$/;

/** Headers by lower-case name. */
export type Headers = Readonly<Record<string, string>>;

/**
 * Reads headers from a file: `NAME: VALUE` per line; skips empty lines and lines that start with `#`.
 *
 * @throws Failure (no input), (config) for an invalid line, whose text it does not show
 */
export async function readHeaderFile(name: string): Promise<Headers> {
  const text = decodeText(await readWholeFile(name, { most: LARGEST }));
  return parseHeaders(text, name);
}

/** @throws Failure (config) */
export function parseHeaders(text: string, source: string): Headers {
  const headers: Record<string, string> = {};
  for (const [at, line] of text
    .replace(/^\ufeff/, '')
    .split(/\r?\n/)
    .entries()) {
    if (line.trim() === '' || line.startsWith('#')) continue;
    const [, header = '', value = ''] = HEADER.exec(asHeaderText(line)) ?? [];
    if (header === '')
      throw new Failure(status.config, `${source}:${at + 1}: not a header (write NAME: VALUE)`);
    headers[header.toLowerCase()] = withoutBlanks(value);
  }
  return headers;
}

/** Trims blanks and tabs. Not trim(), which would remove UTF-8 bytes that look like blanks. */
function withoutBlanks(text: string): string {
  const isBlank = (at: number) => text[at] === ' ' || text[at] === '\t';
  let [start, end] = [0, text.length];
  while (isBlank(start)) start++;
  while (end > start && isBlank(end - 1)) end--;
  return text.slice(start, end);
}

/** Encodes text for a header: each byte of its UTF-8 as a character. */
export function asHeaderText(text: string): string {
  return Buffer.from(text).toString('latin1');
}
