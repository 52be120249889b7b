/** Parses records: JSON objects, one per input line, to be stored as rows of CSV or lines of NDJSON. */

import { parseJson } from '../lines/json.ts';
import { quote, type Rejection } from '../lines/line.ts';
import { type MemberPath, memberAt, memberText } from '../lines/member-path.ts';
import { badText, textProblem } from '../lines/text.ts';
import { parseTime } from '../readings/time.ts';
import { type FoundValue, type LineTemplate, templateOf } from './line-template.ts';
import { encodeValue } from './object-name.ts';

/** A member named by an option. */
export interface Field {
  /** Its name in the header. */
  readonly name: string;
  readonly path: MemberPath;
}

/** How to partition objects: by the UTC date of a time, or by the value of a field. */
export type Division = { readonly time: Field } | { readonly field: Field };

/** How to convert records. */
export interface RecordPlan {
  /** CSV columns; undefined for NDJSON. */
  readonly fields: readonly Field[] | undefined;
  readonly by: Division | undefined;
}

/** A record in its stored form. */
export interface LakeRecord {
  /** A line with its newline. */
  readonly text: string;
  /** The folder of its object, with a slash; empty without partitioning. */
  readonly folder: string;
  /** The input line. */
  readonly line: string;
}

/** Hive's name for a null partition, also known to Spark and DuckDB. */
const NULL_FOLDER = '__HIVE_DEFAULT_PARTITION__';
/** Matches what RFC 4180 quotes, and a leading brace, which would make a row look like NDJSON. */
const ODD = /^\{|[",\r\n]/;
/** Maximum number of templates. */
const MAX_TEMPLATES = 4;

/** Converts lines to records. */
export class RecordMaker {
  /** The first line of each object; empty for NDJSON. */
  readonly header: string;
  readonly #by: Division | undefined;
  /** The distinct paths of all fields. */
  readonly #paths: readonly MemberPath[];
  /** Index of the path of each CSV column; undefined for NDJSON. */
  readonly #columns: readonly number[] | undefined;
  readonly #divisor: number;
  readonly #templates: LineTemplate[] = [];
  #parsed = 0;

  constructor({ fields, by }: RecordPlan) {
    const divisor = by === undefined ? undefined : 'field' in by ? by.field : by.time;
    const paths = new Map<string, MemberPath>();
    for (const { path } of [...(fields ?? []), ...(divisor === undefined ? [] : [divisor])])
      paths.set(path.join('\0'), path);
    const indexOf = ({ path }: Field) => [...paths.keys()].indexOf(path.join('\0'));
    this.header = fields === undefined ? '' : `${fields.map(({ name }) => quoted(name)).join(',')}\n`;
    this.#by = by;
    this.#paths = [...paths.values()];
    this.#columns = fields?.map(indexOf);
    this.#divisor = divisor === undefined ? -1 : indexOf(divisor);
  }

  /** The record of a line, or the reason for its rejection. */
  make(line: string): LakeRecord | Rejection {
    for (const template of this.#templates)
      if (template.matches(line)) return this.#fromTemplate(line, template.values);
    return this.#fromJson(line);
  }

  #fromTemplate(line: string, values: readonly (FoundValue | undefined)[]): LakeRecord | Rejection {
    const textOf = (index: number) => foundText(line, values[index]);
    const folder = this.#folder(() => textOf(this.#divisor));
    if (typeof folder !== 'string') return folder;
    if (this.#columns === undefined) return { text: `${line}\n`, folder, line };
    let text = '';
    for (let column = 0; column < this.#columns.length; column++) {
      const value = values[this.#columns[column] ?? -1];
      if (column > 0) text += ',';
      if (value === undefined) continue;
      const field = foundText(line, value);
      if (field !== undefined) text += value.isText ? quotedPlain(field) : field;
    }
    return { text: lineOf(text), folder, line };
  }

  #fromJson(line: string): LakeRecord | Rejection {
    const parsed = parseJson(line);
    const document = parsed?.value;
    if (typeof document !== 'object' || document === null || Array.isArray(document))
      return { kind: 'not JSON', detail: `not a JSON object: ${quote(line.trim())}` };
    if (parsed?.hasMemberTwice)
      return { kind: 'with a repeated member', detail: `a member is repeated: ${quote(line.trim())}` };
    this.#learn(line);
    const values = this.#paths.map((path) => memberText(memberAt(document, path)));
    const folder = this.#folder(() => values[this.#divisor]);
    if (typeof folder !== 'string') return folder;
    const columns = this.#columns?.map((index) => values[index]);
    const text = columns === undefined ? `${line}\n` : lineOf(columns.map(nullOrQuoted).join());
    const problem = mayBeNoText(line) ? textProblem(text) : undefined;
    return problem === undefined ? { text, folder, line } : { kind: 'not text', detail: `record ${problem}` };
  }

  /** Learns templates from ever fewer of the parsed lines, because learning takes time, too. */
  #learn(line: string): void {
    this.#parsed++;
    if ((this.#parsed & (this.#parsed - 1)) !== 0) return;
    const template = templateOf(line, this.#paths);
    if (template === undefined) return;
    this.#templates.unshift(template);
    this.#templates.splice(MAX_TEMPLATES);
  }

  #folder(value: () => string | undefined): string | Rejection {
    const by = this.#by;
    if (by === undefined) return '';
    const text = value() ?? '';
    if ('field' in by)
      return (
        badText(by.field.name, text) ??
        `${encodeValue(by.field.name)}=${text === '' ? NULL_FOLDER : encodeValue(text)}/`
      );
    const time = parseTime(text);
    if (time === undefined)
      return { kind: 'without a time', detail: `${quote(by.time.name)} is not a time: ${quote(text)}` };
    return `date=${new Date(time).toISOString().slice(0, 10)}/`;
  }
}

/** The text of a value; undefined when it is null or missing. */
function foundText(line: string, value: FoundValue | undefined): string | undefined {
  if (value === undefined) return undefined;
  const text = line.slice(value.start, value.end);
  return text === 'null' && !value.isText ? undefined : text;
}

/** Whether the row may contain a character that is not valid in text. */
function mayBeNoText(line: string): boolean {
  return line.includes('\\u') || textProblem(line) !== undefined;
}

/** Quotes an empty row: readers skip empty lines. */
function lineOf(row: string): string {
  return row === '' ? '""\n' : `${row}\n`;
}

function nullOrQuoted(text: string | undefined): string {
  return text === undefined ? '' : quoted(text);
}

/** Quotes empty text, to distinguish it from null. */
function quoted(text: string): string {
  return text === '' || ODD.test(text) ? `"${text.replaceAll('"', '""')}"` : text;
}

/** The same for text without quotes and control characters. */
function quotedPlain(text: string): string {
  return text === '' || text.includes(',') || text.startsWith('{') ? `"${text}"` : text;
}
