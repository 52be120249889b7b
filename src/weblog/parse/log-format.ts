/** The formats of log lines: named ones, and those of a pattern. */

import { readApachePattern } from './apache-pattern.ts';
import { compileFormat, type LogFormat, type Pattern } from './compile-format.ts';
import type { FieldKind } from './field-kinds.ts';
import { jsonColumns } from './json-layouts.ts';
import { type Column, standardColumns } from './log-columns.ts';
import { readNginxPattern } from './nginx-pattern.ts';

/** The possible formats of lines, and the columns that they fill. */
export interface Formats {
  /** In the order to try; none for JSON only. */
  readonly formats: readonly LogFormat[];
  /** Whether lines that start with a brace are JSON objects. */
  readonly json: boolean;
  /** The columns of every line's values. */
  readonly columns: readonly Column[];
  /** Columns written by default in addition to the standard ones. */
  readonly further: readonly Column[];
  /** The hint for a line that matches no format; empty when the user has chosen one. */
  readonly hint: string;
}

/** An Apache pattern, with stricter kinds for columns that identify the format. */
interface NamedFormat {
  readonly pattern: string;
  readonly kinds?: Readonly<Record<string, FieldKind>>;
}

const COMMON = '%h %l %u %t "%r" %>s %b';
const COMBINED = `${COMMON} "%{Referer}i" "%{User-Agent}i"`;
/** The format in nginx's packages. */
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

/** All formats. An additional quoted text could be anything: only addresses identify it as `main`. */
const any = Object.entries(named).flatMap(([name, formats]) =>
  name === 'main' ? [{ pattern: MAIN, kinds: { x_forwarded_for: 'addresses' } as const }] : formats,
);
const HINT = 'another format? see --nginx and --pattern';

/** The formats of a name; all for `auto`. */
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

/** The format of an Apache LogFormat. @throws Error with a message for the user */
export function patternFormats(pattern: string): Formats {
  return formatsOf(readApachePattern(pattern));
}

/** The format of an nginx log_format. @throws Error with a message for the user */
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
