/** Formats rows as CSV or JSON: their layout, and the text of a row. */

import { type Column, type OutputColumn, slots } from './log-columns.ts';
import type { Values } from './parse-line.ts';
import type { Redact, Redaction } from './redact.ts';

/** Length of `YYYY-MM-DDTHH:MM:SS`. */
const WALL_CLOCK = 19;
/** Also quotes a leading brace, which would make the row look like JSON. */
const MUST_BE_QUOTED = /^\{|[",\r\n]/;

/** The layout of all rows. */
export interface RowLayout {
  readonly fields: readonly RowField[];
  readonly json: boolean;
  /** The text of a null value. */
  readonly nullText: string;
  /** The header line; empty for JSON. */
  readonly header: string;
}

/** A field of a row. */
export interface RowField {
  /** Index of its value in a line. */
  readonly slot: number;
  readonly isNumber: boolean;
  readonly isTime: boolean;
  /** Whether to write only the wall-clock time. */
  readonly wallClock: boolean;
  readonly redact: Redact | undefined;
  /** The text before its value: a comma, a JSON name. */
  readonly before: string;
}

interface RowStyle {
  /** The columns of the rows, at least one. */
  readonly columns: readonly OutputColumn[];
  /** The columns of every line's values. */
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
  // A row with a single null would be a blank line.
  const nullText = json ? 'null' : columns.length === 1 ? '""' : '';
  return { fields, json, nullText, header: json ? '' : `${columns.map(({ name }) => name).join(',')}\n` };
}

/** Formats the values of a line as a row, with a newline. */
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

/** Whether a value must be quoted in CSV. */
export function mustBeQuoted(value: string): boolean {
  return MUST_BE_QUOTED.test(value);
}
