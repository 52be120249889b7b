/**
 * A process that works with a queue as told, line by line, and can be killed at any moment: `inProcess` starts it.
 *
 * It is bundled, because Node cannot run this file directly.
 */

import { spawn } from 'node:child_process';
import { once } from 'node:events';
import { join } from 'node:path';
import { createInterface } from 'node:readline';
import { build } from 'esbuild';
import { onTestFinished } from 'vitest';
import { root } from '../harness.ts';

const cache = join(root, 'node_modules/.cache/etlutils-test');
let bundled: Promise<string> | undefined;

function bundle(): Promise<string> {
  bundled ??= bundleNow();
  return bundled;
}

async function bundleNow(): Promise<string> {
  const outdir = join(cache, `queue-worker-${process.pid}`);
  await build({
    entryPoints: [join(root, 'test/queues/queue-worker.ts')],
    ...{ outdir, outExtension: { '.js': '.mjs' }, bundle: true, platform: 'node', format: 'esm' },
    // Lazy libraries stay lazy: otherwise each process would load those of all queues.
    ...{ splitting: true, packages: 'external', logLevel: 'error' },
  });
  return join(outdir, 'queue-worker.mjs');
}

/** Commands for the process; it answers each with a line. */
export type Order =
  | { readonly put: readonly string[]; readonly key?: string }
  | { readonly take: number; readonly group?: string; readonly wait?: boolean }
  | { readonly do: 'acknowledge' | 'giveBack' | 'halve' | 'bury' }
  /** Takes until the queue is empty; appends to a log before it finishes each batch in varying ways. */
  | { readonly work: string }
  /** Runs a shell command with the lease of the batch; answers with its pid. */
  | { readonly run: string };

/** Starts a process with a queue. @param limit shell code that sets limits, such as `ulimit -f 100;` */
export async function inProcess(address: string, limit = '') {
  const words = ['-c', `trap '' XFSZ; ${limit} exec "$@"`, 'sh', process.execPath, await bundle(), address];
  const child = spawn('bash', words, { cwd: root, detached: true });
  const lines = createInterface({ input: child.stdout })[Symbol.asyncIterator]();
  let said = '';
  child.stderr.on('data', (chunk) => {
    said += chunk;
  });
  const exit = once(child, 'exit');
  onTestFinished(() => void child.kill('SIGKILL'));
  return {
    pid: child.pid,
    /** Sends a command. @returns its answer: the messages of a batch, a pid, or `done` */
    async tell(order: Order): Promise<unknown> {
      child.stdin.write(`${JSON.stringify(order)}\n`);
      const { value, done } = await lines.next();
      if (done === true) throw new Error(`the process has ended: ${said}`);
      return JSON.parse(value);
    },
    /** Sends a command, without waiting for the answer. */
    begin: (order: Order) => void child.stdin.write(`${JSON.stringify(order)}\n`),
    async kill(): Promise<void> {
      child.kill('SIGKILL');
      await exit;
    },
  };
}
