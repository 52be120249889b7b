/**
 * The floor for a task runner: a process per task, and nothing is recorded.
 *
 *   tasks-bare.js TASKS AT-ONCE
 */

import { spawn } from 'node:child_process';
import { once } from 'node:events';

const [tasks, atOnce] = process.argv.slice(2).map(Number);
let begun = 0;

async function work() {
  while (begun++ < tasks) {
    const child = spawn('bash', ['-c', 'true'], { stdio: 'ignore' });
    await once(child, 'close');
  }
}

await Promise.all(Array.from({ length: atOnce }, work));
