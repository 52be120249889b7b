/**
 * The floor for a scheduler: node-cron starts the commands of a crontab, and records nothing.
 *
 *   schedule-bare.js CRONTAB
 */

import { spawn } from 'node:child_process';
import { readFileSync } from 'node:fs';
import { schedule } from 'node-cron';

const FIELDS = 5;

for (const line of readFileSync(process.argv[2], 'utf8').trim().split('\n')) {
  const words = line.split(' ');
  const command = words.slice(FIELDS).join(' ');
  schedule(words.slice(0, FIELDS).join(' '), () => {
    spawn('/bin/sh', ['-c', command], { stdio: 'ignore' });
  });
}
