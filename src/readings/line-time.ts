/** Finds the time of a line, for tools that keep lines as they are: a reading line, any CSV with the time first, NDJSON. */

import { parseTime } from './time.ts';
import { readWritten } from './written-time.ts';

const JSON_TIME = /"time"\s*:\s*(?:"([^"\\]*)"|(-?\d+(?:\.\d+)?))/;

/** The time of a line in epoch milliseconds; undefined when its first field (its `time` in NDJSON) is not a time. */
export function lineTime(text: string): number | undefined {
  return parseTime(timeText(text));
}

/** Whether the time of a line has no offset, so that only its zone would tell when that was. */
export function hasLocalTime(text: string): boolean {
  const written = readWritten(timeText(text));
  return written !== undefined && written.offsetMs === undefined;
}

/** The first field, or the `time` in NDJSON. */
function timeText(text: string): string {
  if (text.startsWith('{')) {
    const match = JSON_TIME.exec(text);
    return match?.[1] ?? match?.[2] ?? '';
  }
  const end = text.search(/[,;\t\r]/);
  const field = end < 0 ? text : text.slice(0, end);
  return field.replace(/^"(.*)"$/, '$1').trim();
}
