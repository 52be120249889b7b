/** Finds environment lines that rely on expansion, which cron does not do. */

import { readSetting } from '../crontab/environment-line.ts';
import type { Warning } from './warning.ts';

/** Variables that are always set, so that nobody means their `$NAME` literally. */
const COMMON = /\$(?:HOME|PATH|USER|LOGNAME|PWD)\b|\$\{(?:HOME|PATH|USER|LOGNAME|PWD)\}/;
const IN_PATH = /\$\w|\$[{(]|(?:^|:)~(?:[/:]|$)/;

/** @param lines of the crontab */
export function* checkSettings(lines: readonly string[]): Generator<Warning> {
  for (const [index, line] of lines.entries()) {
    if (/^\s*#/.test(line)) continue;
    const { name, value = '' } = readSetting(line.replace(/\r$/, '')) ?? {};
    if (!(name === 'PATH' ? IN_PATH : COMMON).test(value)) continue;
    // Only PATH is shown: other values may be secret.
    const shown = name === 'PATH' ? `PATH=${value}` : `the value of ${name}`;
    const message = `cron expands nothing in ${shown}: write the resulting value`;
    yield { kind: 'variable', line: index + 1, job: undefined, message };
  }
}
