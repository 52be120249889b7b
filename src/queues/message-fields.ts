/** Extracts fields of a message, for its key and id. */

import { splitFields } from '../lines/csv.ts';
import { hasMemberTwice, parseJson } from '../lines/json.ts';
import { quote, type Rejection } from '../lines/line.ts';
import { type MemberPath, memberAt, memberText } from '../lines/member-path.ts';
import { decodeText } from '../lines/text.ts';

/** A member of a JSON message. */
interface MemberField {
  readonly member: MemberPath;
  readonly shown: string;
}

/** A column of a CSV message, from 1. */
interface ColumnField {
  readonly column: number;
  readonly delimiter: string;
}

export type Field = MemberField | ColumnField;

/** The fields of one message, which is parsed at most once. */
export class Fields {
  readonly #body: Buffer;
  #text: string | undefined;
  #document: Document | undefined;
  #columns: readonly string[] | undefined;

  constructor(body: Buffer) {
    this.#body = body;
  }

  /** The text of a field, or the reason why there is none. */
  text(field: Field): string | Rejection {
    this.#text ??= decodeText(this.#body);
    return 'member' in field ? this.#member(this.#text, field) : this.#column(this.#text, field);
  }

  #member(text: string, { member, shown }: MemberField): string | Rejection {
    this.#document ??= parsed(text);
    if (this.#document === undefined) return notJson(text);
    if (this.#document.hasMemberTwice)
      return { kind: 'with a repeated member', detail: `a member is repeated: ${quote(text)}` };
    let value = memberAt(this.#document.value, member);
    // JSON.parse may have rounded it.
    if (typeof value === 'number') value = memberAt(parseJson(text)?.value, member);
    const found = memberText(value);
    return found ?? { kind: 'without', detail: `no ${quote(shown)} in ${quote(text)}` };
  }

  #column(text: string, { column, delimiter }: ColumnField): string | Rejection {
    this.#columns ??= splitFields(text, delimiter);
    if (this.#columns === undefined) return { kind: 'without', detail: `not CSV: ${quote(text)}` };
    return this.#columns[column - 1] ?? { kind: 'without', detail: `no column ${column} in ${quote(text)}` };
  }
}

/** A parsed JSON text. */
interface Document {
  readonly value: unknown;
  readonly hasMemberTwice: boolean;
}

function parsed(text: string): Document | undefined {
  try {
    const value: unknown = JSON.parse(text);
    return { value, hasMemberTwice: hasMemberTwice(text, value) };
  } catch {
    return undefined;
  }
}

function notJson(text: string): Rejection {
  return { kind: 'without', detail: `not JSON: ${quote(text)}` };
}
