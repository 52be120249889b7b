/** Environment lines that count on what cron does not do: it expands nothing in them. */

import { readSetting } from '../crontab/environment-line.ts';
import type { Warning } from './warning.ts';

/** Variables that everybody has, and so nobody means literally. */
const MEANT = /\$(?:HOME|PATH|USER|LOGNAME|PWD)\b|\$\{(?:HOME|PATH|USER|LOGNAME|PWD)\}/;
const IN_PATH = /\$\w|\$[{(]|(?:^|:)~(?:[/:]|$)/;

/** @param lines of the crontab */
export function* checkSettings(lines: readonly string[]): Generator<Warning> {
  for (const [index, line] of lines.entries()) {
    if (/^\s*#/.test(line)) continue;
    const { name, value = '' } = readSetting(line.replace(/\r$/, '')) ?? {};
    if (!(name === 'PATH' ? IN_PATH : MEANT).test(value)) continue;
    // Any other value may be a secret.
    const shown = name === 'PATH' ? `PATH=${value}` : `the value of ${name}`;
    const message = `cron expands nothing in ${shown}: write what it is to become`;
    yield { kind: 'variable', line: index + 1, job: undefined, message };
  }
}
