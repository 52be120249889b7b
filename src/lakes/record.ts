/** Records of a lake: JSON objects, one per line of the input, each a row of CSV or a line of NDJSON in an object. */

import { parseJson } from '../lines/json.ts';
import { quote, type Rejection } from '../lines/line.ts';
import { type MemberPath, memberAt, memberText } from '../lines/member-path.ts';
import { textProblem } from '../lines/text.ts';
import { parseTime } from '../readings/time.ts';
import { encodeValue } from './object-name.ts';

/** A member that an option names. */
export interface Field {
  /** As the header has it. */
  readonly name: string;
  readonly path: MemberPath;
}

/** How objects are divided: by the UTC date of a time, or by the value of a field. */
export type Division = { readonly time: Field } | { readonly field: Field };

/** What is made of records. */
export interface RecordPlan {
  /** The columns of CSV; undefined for NDJSON. */
  readonly fields: readonly Field[] | undefined;
  readonly by: Division | undefined;
}

/** A record as it is stored. */
export interface LakeRecord {
  /** A line, with its newline. */
  readonly text: string;
  /** The folder of its object, with a slash; empty when objects are not divided. */
  readonly folder: string;
  readonly document: unknown;
}

/** The name that Hive, Spark, DuckDB and others read as null. */
const NULL_FOLDER = '__HIVE_DEFAULT_PARTITION__';
/** Matches what RFC 4180 quotes, and a brace with which a row would be taken for NDJSON. */
const ODD = /^\{|[",\r\n]/;

/** The header of each object; empty for NDJSON. */
export function header({ fields }: RecordPlan): string {
  return fields === undefined ? '' : `${fields.map(({ name }) => field(name)).join(',')}\n`;
}

/** Makes a record of a line, or says why it is rejected. */
export function readRecord(line: string, { fields, by }: RecordPlan): LakeRecord | Rejection {
  const parsed = parseJson(line);
  const document = parsed?.value;
  if (typeof document !== 'object' || document === null || Array.isArray(document))
    return { kind: 'not JSON', detail: `not a JSON object: ${quote(line.trim())}` };
  if (parsed?.hasMemberTwice)
    return { kind: 'with a member twice', detail: `a member stands twice: ${quote(line.trim())}` };
  const folder = by === undefined ? '' : folderOf(document, by);
  if (typeof folder !== 'string') return folder;
  const text = fields === undefined ? `${line}\n` : row(document, fields);
  const problem = mayBeNoText(line) ? textProblem(text) : undefined;
  return problem === undefined
    ? { text, folder, document }
    : { kind: 'not text', detail: `record ${problem}` };
}

/** Whether the row of a line may hold a character that no text has. */
function mayBeNoText(line: string): boolean {
  return line.includes('\\u') || textProblem(line) !== undefined;
}

function row(document: unknown, fields: readonly Field[]): string {
  let text = '';
  for (const [at, { path }] of fields.entries()) {
    const value = memberText(memberAt(document, path));
    if (at > 0) text += ',';
    if (value !== undefined) text += field(value);
  }
  // An empty line would be no record.
  return text === '' ? '""\n' : `${text}\n`;
}

/** Empty text is quoted, so that it is not taken for null. */
function field(text: string): string {
  return text === '' || ODD.test(text) ? `"${text.replaceAll('"', '""')}"` : text;
}

function folderOf(document: unknown, by: Division): string | Rejection {
  if ('field' in by) {
    const value = memberText(memberAt(document, by.field.path)) ?? '';
    return `${encodeValue(by.field.name)}=${value === '' ? NULL_FOLDER : encodeValue(value)}/`;
  }
  const text = memberText(memberAt(document, by.time.path)) ?? '';
  const time = parseTime(text);
  if (time === undefined)
    return { kind: 'without a time', detail: `${quote(by.time.name)} is not a time: ${quote(text)}` };
  return `date=${new Date(time).toISOString().slice(0, 10)}/`;
}
