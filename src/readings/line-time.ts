/** Finds the time of a line, for tools that keep lines as they are: a reading line, any CSV with the time first, NDJSON. */

import { parseTime } from './time.ts';

const JSON_TIME = /"time"\s*:\s*(?:"([^"\\]*)"|(-?\d+(?:\.\d+)?))/;

/** The time of a line in epoch milliseconds; undefined when its first field (its `time` in NDJSON) is not a time. */
export function lineTime(text: string): number | undefined {
  if (text.startsWith('{')) {
    const match = JSON_TIME.exec(text);
    return parseTime(match?.[1] ?? match?.[2] ?? '');
  }
  const end = text.search(/[,;\t\r]/);
  const field = end < 0 ? text : text.slice(0, end);
  return parseTime(field.replace(/^"(.*)"$/, '$1').trim());
}
