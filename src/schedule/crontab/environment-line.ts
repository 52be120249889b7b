/** Environment lines, `NAME = value`, as cron reads them: names and values may be quoted, and nothing is expanded. */

export interface Setting {
  readonly name: string;
  readonly value: string;
  /** Where the value starts. */
  readonly index: number;
}

const NAME = /^[ \t]*(?:"([^"=]+)"|'([^'=]+)'|([^\s"'=][^\s=]*))\s*=\s*/;
/** A quoted value and nothing behind it, or any other value. */
const VALUE = /^(?:"([^"]*)"|'([^']*)'|([^\s"'].*))$/;
/** cron looks for quotes twice. */
const QUOTED = /^(["'])(.*)\1$/;

/** The setting that a line makes; undefined when cron would not take it for one. */
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

/** Whether a line was meant to be a setting: for the message when it is none. */
export function isLikeSetting(line: string): boolean {
  return /^\s*[A-Za-z_]\w*\s*=/.test(line);
}
