/** The formats of a log's lines: those that have a name, and those of a pattern. */

import { readApachePattern } from './apache-pattern.ts';
import { compileFormat, type LogFormat, type Pattern } from './compile-format.ts';
import type { FieldKind } from './field-kinds.ts';
import { jsonColumns } from './json-layouts.ts';
import { type Column, standardColumns } from './log-columns.ts';
import { readNginxPattern } from './nginx-pattern.ts';

/** The formats that a line may have, and the columns that they fill. */
export interface Formats {
  /** In the order in which they are tried; none for JSON only. */
  readonly formats: readonly LogFormat[];
  /** Whether a line that begins with a brace is a JSON object. */
  readonly json: boolean;
  /** The columns of the values of every line. */
  readonly columns: readonly Column[];
  /** The columns that are written by default, besides the standard ones. */
  readonly further: readonly Column[];
  /** The hint for a line that has none of them; empty when the user has chosen the format. */
  readonly hint: string;
}

/** A format by Apache's pattern, and the stricter kinds of columns that tell it from all other formats. */
interface NamedFormat {
  readonly pattern: string;
  readonly kinds?: Readonly<Record<string, FieldKind>>;
}

const COMMON = '%h %l %u %t "%r" %>s %b';
const COMBINED = `${COMMON} "%{Referer}i" "%{User-Agent}i"`;
/** The format of nginx's packages. */
const MAIN = `${COMBINED} "%{X-Forwarded-For}i"`;

const WITH_SERVER = { server_name: 'domain', remote_addr: 'client' } as const;

/** Formats by name; `combined` is also nginx's default. */
const named: Readonly<Record<string, readonly NamedFormat[]>> = {
  combined: [{ pattern: COMBINED }],
  common: [{ pattern: COMMON }],
  seed: [{ pattern: '%h %l %u %t "%r" [%>s] %b "%{Referer}i" "%{User-Agent}i"' }],
  main: [{ pattern: MAIN }],
  vhost: [
    { pattern: `%v:%p ${COMBINED}` },
    { pattern: `%v ${COMBINED}`, kinds: WITH_SERVER },
    { pattern: `%v ${COMMON}`, kinds: WITH_SERVER },
  ],
};

/** The values of `--format`. */
export const formatNames = ['auto', 'seed', 'common', 'combined', 'main', 'vhost', 'json'] as const;
/** One of formatNames. */
export type FormatName = (typeof formatNames)[number];

/** All formats. A further quoted text may be anything: only one with addresses shows that the format is `main`. */
const any = Object.entries(named).flatMap(([name, formats]) =>
  name === 'main' ? [{ pattern: MAIN, kinds: { x_forwarded_for: 'addresses' } as const }] : formats,
);
const HINT = 'another format? see --nginx and --pattern';

/** The formats of a name; all of them for `auto`. */
export function namedFormats(name: FormatName): Formats {
  const columns = [...standardColumns];
  const formats = (name === 'auto' ? any : (named[name] ?? [])).map((format) =>
    compileNamed(format, columns),
  );
  const isAuto = name === 'auto';
  const json = isAuto || name === 'json';
  if (json)
    columns.push(...jsonColumns.filter(({ name }) => !columns.some((column) => column.name === name)));
  return { formats, json, columns, further: [], hint: isAuto ? HINT : '' };
}

/** The format of a pattern of Apache's LogFormat. @throws Error with a message for the user */
export function patternFormats(pattern: string): Formats {
  return formatsOf(readApachePattern(pattern));
}

/** The format of nginx's log_format. @throws Error with a message for the user */
export function nginxFormats(pattern: string): Formats {
  return formatsOf(readNginxPattern(pattern));
}

function compileNamed({ pattern, kinds = {} }: NamedFormat, columns: Column[]): LogFormat {
  const { start, fields } = compileFormat(readApachePattern(pattern), columns);
  return { start, fields: fields.map((field) => ({ ...field, kind: kinds[field.name] ?? field.kind })) };
}

function formatsOf(pattern: Pattern): Formats {
  const columns = [...standardColumns];
  const format = compileFormat(pattern, columns);
  return {
    formats: [format],
    json: false,
    columns,
    further: columns.slice(standardColumns.length),
    hint: '',
  };
}
