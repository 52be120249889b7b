/** What a row looks like, as CSV or as JSON, and its text from the values of a line. */

import { type Column, type OutputColumn, slots } from './log-columns.ts';
import type { Values } from './parse-line.ts';
import type { Redact, Redaction } from './redact.ts';

/** Of `YYYY-MM-DDTHH:MM:SS`. */
const WALL_CLOCK = 19;
/** A row that began with a brace would be taken for JSON. */
const MUST_BE_QUOTED = /^\{|[",\r\n]/;

export interface RowShape {
  readonly targets: readonly Target[];
  readonly json: boolean;
  readonly nullText: string;
  /** A whole line; empty for JSON. */
  readonly header: string;
}

/** Where a value goes, and how. */
export interface Target {
  readonly slot: number;
  readonly isNumber: boolean;
  readonly isTime: boolean;
  readonly wallClock: boolean;
  readonly redact: Redact | undefined;
  /** What stands before its value in a row. */
  readonly before: string;
}

export interface RowStyle {
  readonly columns: readonly OutputColumn[];
  /** Those of all records. */
  readonly known: readonly Column[];
  readonly json: boolean;
  readonly redaction: Redaction | undefined;
}

export function rowShape({ columns, known, json, redaction }: RowStyle): RowShape {
  const targets = columns.map(({ name, slot, wallClock }, at) => {
    const column = known[slot];
    return {
      slot,
      wallClock,
      isNumber: column?.type === 'number',
      isTime: slot === slots.time,
      redact: column && redaction?.(column),
      before: json ? `${at === 0 ? '{' : ','}${JSON.stringify(name)}:` : at === 0 ? '' : ',',
    };
  });
  // Alone in its row, nothing would be a blank line.
  const nullText = json ? 'null' : columns.length === 1 ? '""' : '';
  return { targets, json, nullText, header: json ? '' : `${columns.map(({ name }) => name).join(',')}\n` };
}

/** A whole line. */
export function rowText(values: Values, shape: RowShape): string {
  const fields = shape.targets.map((target) => {
    const value = values[target.slot] ?? '';
    const redacted = target.redact === undefined || value === '' ? value : target.redact(value);
    const shown = target.wallClock ? redacted.slice(0, WALL_CLOCK).replace('T', ' ') : redacted;
    return target.before + fieldText(shown, target, shape);
  });
  return `${fields.join('')}${shape.json ? '}' : ''}\n`;
}

function fieldText(value: string, { isNumber }: Target, { json, nullText }: RowShape): string {
  if (value === '') return nullText;
  if (json) return isNumber ? value : JSON.stringify(value);
  return mustBeQuoted(value) ? `"${value.replaceAll('"', '""')}"` : value;
}

/** Whether CSV must have it in quotes. */
export function mustBeQuoted(value: string): boolean {
  return MUST_BE_QUOTED.test(value);
}
