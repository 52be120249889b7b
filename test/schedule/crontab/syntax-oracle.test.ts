import { readFileSync } from 'node:fs';
import { join } from 'node:path';
import { expect, it } from 'vitest';
import { readCrontab } from '../../../src/schedule/crontab/read-crontab.ts';
import { root } from '../../harness.ts';

/** Lines that cron takes and then never runs, or of which it leaves out what it does not understand. */
const REFUSED = [
  /is reversed, and cron would never run it/,
  /not a value, a range or a step/,
  /cron does not know [?~#LWH]/i,
  /^the command is missing$/,
  /^the command is empty, since % ends it$/,
  /^a sixth field, and no command/,
  // Its numbers overflow.
  /^minute: \d{10,} is not from 0 to 59$/,
  /^0 of five|^\d of five fields/,
];

const verdicts = readFileSync(join(root, 'test/schedule/oracle/syntax.txt'), 'utf8')
  .split('\n')
  .filter((line) => /^[+-] /.test(line))
  .map((line) => ({ isTaken: line.startsWith('+'), line: line.slice(2) }));

it('refuses what cron refuses, and takes what cron takes unless it says why not', () => {
  expect(verdicts.length).toBeGreaterThan(700);
  const wrong = verdicts.flatMap(({ isTaken, line }) => {
    const { problems } = readCrontab(`${line}\n`, 'crontab');
    const messages = problems.map(({ message }) => message);
    if (!isTaken) return messages.length > 0 || line.startsWith('@every') ? [] : [`taken: ${line}`];
    const isExplained = messages.every((message) => REFUSED.some((known) => known.test(message)));
    return isExplained ? [] : [`refused: ${line}: ${messages}`];
  });
  expect(wrong).toEqual([]);
});
