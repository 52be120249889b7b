/** What every shell must offer, besides the files and the folder of `completionFolder`. */

import { mkdirSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { privateFolder } from './harness.ts';

/** A command line, and all offers for its last word, or the part of it after a comma. */
export const completions: readonly (readonly [typed: string, offered: readonly string[]])[] = [
  ['buffer-tail --on-busy ', ['wait', 'skip', 'fail']],
  ['get-temp --unit ', ['C', 'F', 'K']],
  ['schedule --overlap ', ['skip', 'wait', 'kill']],
  ['buffer-tail -n ', ['all']],
  ['get-stats --decimals ', []],
  ['get-stats --tz Europe/Berl', ['Europe/Berlin']],
  ['get-stats read.csv --value ', ['time', 'device', 'temp']],
  ['get-stats lines --value ', ['1', '2']],
  ['load-rows --encoding utf', ['utf-16le']],
  ['load-rows rows --key time,', ['time', 'humidity']],
  ['get-stats --stats p', ['p50', 'p99.9']],
  ['get-stats --stats=sum,p50,st', ['stddev']],
  ['parse-log --fields remote_addr,st', ['status']],
  ['load-stats --spool ', ['spool/']],
  ['get-stats re', ['read.csv']],
  ['log-gen ', []],
  ['get-temp th', ['thermal:', 'thermal:acpitz']],
  ['get-temp -v w', ['w1:', 'w1:28-01']],
  ['runs re', ['retry', 'resume']],
  ['queue-put q -- lake-pu', ['lake-put']],
  ['queue-put q -- lake-put l --by ', ['date']],
];

/** Where get-temp finds sensors in that folder. */
export const completionEnv = { ETL_SYSFS: 'spool' };

/** Words without the part up to their last comma, which not every shell repeats. */
export const behindComma = (words: readonly string[]) => words.map((word) => word.replace(/^.*,/, ''));

/** A folder with the files of `completions`. */
export async function completionFolder(): Promise<string> {
  const cwd = await privateFolder();
  writeFileSync(join(cwd, 'read.csv'), '\ufefftime;"device";temp\r\n1;a;2\r\n');
  writeFileSync(join(cwd, 'my log'), '');
  for (const path of ['class/thermal/thermal_zone0', 'bus/w1/devices/28-01'])
    mkdirSync(join(cwd, 'spool', path), { recursive: true });
  writeFileSync(join(cwd, 'spool/class/thermal/thermal_zone0/type'), 'acpitz\n');
  writeFileSync(join(cwd, 'lines'), '2026-11-21T10:00:00Z,21.5\n');
  writeFileSync(join(cwd, 'rows'), '{"time":"2026-11-21T10:00:00Z","humidity":40}\n');
  return cwd;
}
