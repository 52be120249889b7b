/** Rows as CSV or JSON: their layout, and the text of a row from the values of a line. */

import { type Column, type OutputColumn, slots } from './log-columns.ts';
import type { Values } from './parse-line.ts';
import type { Redact, Redaction } from './redact.ts';

/** The length of `YYYY-MM-DDTHH:MM:SS`. */
const WALL_CLOCK = 19;
/** A CSV row that began with a brace would be taken for JSON. */
const MUST_BE_QUOTED = /^\{|[",\r\n]/;

/** The layout of all rows. */
export interface RowLayout {
  readonly fields: readonly RowField[];
  readonly json: boolean;
  /** The text of a value that is null. */
  readonly nullText: string;
  /** The header as a whole line; empty for JSON. */
  readonly header: string;
}

/** A field of a row. */
export interface RowField {
  /** The index of its value in those of a line. */
  readonly slot: number;
  readonly isNumber: boolean;
  readonly isTime: boolean;
  /** Whether only the wall clock of a time is written. */
  readonly wallClock: boolean;
  readonly redact: Redact | undefined;
  /** The text before its value: a comma, a JSON name. */
  readonly before: string;
}

interface RowStyle {
  /** The columns of the rows, at least one. */
  readonly columns: readonly OutputColumn[];
  /** The columns of the values of every line. */
  readonly known: readonly Column[];
  readonly json: boolean;
  readonly redaction: Redaction | undefined;
}

/** The layout of rows with these columns. */
export function rowLayout({ columns, known, json, redaction }: RowStyle): RowLayout {
  const fields = columns.map(({ name, slot, wallClock }, at) => {
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
  // A row of a single null would be a blank line.
  const nullText = json ? 'null' : columns.length === 1 ? '""' : '';
  return { fields, json, nullText, header: json ? '' : `${columns.map(({ name }) => name).join(',')}\n` };
}

/** The row of a line's values, with its newline. */
export function formatRow(values: Values, layout: RowLayout): string {
  const texts = layout.fields.map((field) => {
    const value = values[field.slot] ?? '';
    const redacted = field.redact === undefined || value === '' ? value : field.redact(value);
    const shown = field.wallClock ? redacted.slice(0, WALL_CLOCK).replace('T', ' ') : redacted;
    return field.before + fieldText(shown, field, layout);
  });
  return `${texts.join('')}${layout.json ? '}' : ''}\n`;
}

function fieldText(value: string, { isNumber }: RowField, { json, nullText }: RowLayout): string {
  if (value === '') return nullText;
  if (json) return isNumber ? value : JSON.stringify(value);
  return mustBeQuoted(value) ? `"${value.replaceAll('"', '""')}"` : value;
}

/** Whether a value must stand in quotes in CSV. */
export function mustBeQuoted(value: string): boolean {
  return MUST_BE_QUOTED.test(value);
}
