/** Parses environment lines, `NAME = value`, as cron does: names and values may be quoted, and nothing is expanded. */

export interface Setting {
  readonly name: string;
  readonly value: string;
  /** Index of the value in the line. */
  readonly index: number;
}

const NAME = /^[ \t]*(?:"([^"=]+)"|'([^'=]+)'|([^\s"'=][^\s=]*))\s*=\s*/;
/** A quoted value with nothing after it, or an unquoted one. */
const VALUE = /^(?:"([^"]*)"|'([^']*)'|([^\s"'].*))$/;
/** cron strips quotes twice. */
const QUOTED = /^(["'])(.*)\1$/;

/** The setting of a line; undefined when cron would not recognise one. */
export function readSetting(line: string): Setting | undefined {
  const [start, ...names] = NAME.exec(line) ?? [];
  if (start === undefined) return undefined;
  const values = VALUE.exec(line.slice(start.length).trimEnd());
  const name = names.find((text) => text !== undefined);
  const value = values?.slice(1).find((text) => text !== undefined);
  if (name === undefined || value === undefined) return undefined;
  const kept = value.trimEnd();
  return { name, value: QUOTED.exec(kept)?.[2] ?? kept, index: start.length };
}

/** Whether an invalid line was meant to be a setting: for the message. */
export function isLikeSetting(line: string): boolean {
  return /^\s*[A-Za-z_]\w*\s*=/.test(line);
}
