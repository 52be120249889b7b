/** Formats an event as a line. */

import { LONGEST_LINE, tooLong } from '../lines/limits.ts';
import { quote, type Rejection } from '../lines/line.ts';
import type { ParsedEvent } from './event-parser.ts';

/** What to print: the data as JSON in one line, the data as received, or the whole event. */
export type EventFormat = 'json' | 'raw' | 'envelope';

/** In JSON, whitespace outside of strings is next to one of these, or at an end. */
const MAY_HAVE_BLANKS = /[{}[\],:]\s|\s[{}[\],:]|^\s|\s$/;
const STRINGS_AND_BLANKS = /("(?:[^"\\]|\\.)*")|\s+/g;

/** The line, without newline, or the reason for its rejection. */
export function formatEvent(event: ParsedEvent, format: EventFormat): string | Rejection {
  const { data } = event;
  if (data === undefined) return tooLong;
  const line = format === 'envelope' ? envelope(event) : format === 'raw' ? rawLine(data) : compactJson(data);
  if (typeof line !== 'string') return line;
  // A UTF-16 code unit takes at most three bytes.
  const isTooLong = line.length > LONGEST_LINE / 3 && Buffer.byteLength(line) > LONGEST_LINE;
  return isTooLong ? tooLong : line;
}

/** `{"id","event","data"}`, where `id` is the last event id. */
export function envelope({ lastId, event, data }: ParsedEvent): string {
  return JSON.stringify({ id: lastId, event, data: data ?? null });
}

function rawLine(data: string): string | Rejection {
  return data.includes('\n') ? compactJson(data) : data;
}

/** Keeps the digits of numbers and the order of members. */
function compactJson(data: string): string | Rejection {
  try {
    JSON.parse(data);
  } catch {
    return { kind: 'not JSON', detail: `data is not JSON: ${quote(data)}` };
  }
  return MAY_HAVE_BLANKS.test(data) ? data.replace(STRINGS_AND_BLANKS, '$1') : data;
}
