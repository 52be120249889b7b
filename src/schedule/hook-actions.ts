/** Runs a job's hook commands, and pings its monitoring URL. */

import { createHash } from 'node:crypto';
import { endText } from '../commands/command.ts';
import { runCommand } from '../commands/run-command.ts';
import { errorText, Failure } from '../failure.ts';
import { parseEndpoint, refusal, request } from '../http/request.ts';
import { logPath } from '../ledger/log-path.ts';
import type { HookActions } from './hooks.ts';
import type { Secrets } from './tries/secrets.ts';
import { runOf, type TryOrder } from './tries/try.ts';
import { Environments, type Place } from './tries/try-environment.ts';
import type { TryWorld } from './tries/try-world.ts';

const HOOK_MS = 30_000;
const PING_MS = 5000;

interface Messages {
  /** What to redact from messages. */
  secretsOf(order: TryOrder): Secrets;
  warn(message: string): void;
  explain(message: string): void;
}

/** Actions for the hooks of a world's tries. A failing hook or ping does not affect the job. */
export function hookActions(world: TryWorld, { secretsOf, warn, explain }: Messages): HookActions {
  const environments = new Environments(world);
  return {
    async runHook(order, command, env) {
      const problem = await runHook(environments.ofTry(order), command, {
        ...env,
        ETL_LOG: logOf(order, world),
      });
      if (problem !== undefined) warn(secretsOf(order).hide(`${order.job.name}: ${command}: ${problem}`));
    },
    async ping(order, url, kind, message) {
      const problem = await ping(url, kind, ridOf(order, world), message);
      if (problem !== undefined) explain(secretsOf(order).hide(`${order.job.name}: ${problem}`));
    },
  };
}

function logOf(order: TryOrder, { logFolder }: TryWorld): string {
  return logPath(logFolder, runOf(order), order.task, order.number);
}

/** Runs a shell command for at most `limitMs`. @returns what went wrong, if anything */
export async function runHook(
  { shell, cwd, env: around }: Place,
  command: string,
  variables: Readonly<Record<string, string>>,
  limitMs = HOOK_MS,
): Promise<string | undefined> {
  const limit = new AbortController();
  const timer = setTimeout(() => limit.abort(), limitMs);
  // Our tools in it must not write to the report of the try.
  const env = { ...around, ...variables, ETL_REPORT: undefined };
  const stop = { signal: never(), insist: limit.signal, graceMs: 0 };
  try {
    const end = await runCommand([...shell, command], {
      ...{ env, cwd, stdin: 'ignore', stop, stdout: async () => {}, stderr: () => {} },
    });
    if (end.wasStopped) return `not finished within ${limitMs / 1000} s`;
    const lastLine = end.stderr.trimEnd().split('\n').at(-1) ?? '';
    return end.status === 0 ? undefined : [endText(end), lastLine].filter(Boolean).join(': ');
  } catch (error) {
    if (error instanceof Failure) return error.message;
    throw error;
  } finally {
    clearTimeout(timer);
  }
}

/**
 * Pings a URL by the protocol of healthchecks.io.
 *
 * @param rid the same for a start and its end @returns what went wrong, if anything
 */
export async function ping(
  url: string,
  kind: 'start' | 'success' | 'fail',
  rid: string,
  message: string,
): Promise<string | undefined> {
  try {
    const endpoint = parseEndpoint(url);
    if (kind !== 'success') endpoint.url.pathname = endpoint.url.pathname.replace(/\/?$/, `/${kind}`);
    endpoint.url.searchParams.set('rid', rid);
    const response = await request(endpoint, {
      ...{ method: 'POST', headers: { 'content-type': 'text/plain' }, body: message },
      ...{ redirect: 'follow', timeoutMs: PING_MS, signal: never() },
    });
    response.discard();
    return response.ok ? undefined : refusal(endpoint, response).message;
  } catch (error) {
    return errorText(error);
  }
}

/** A signal that is never aborted. */
function never(): AbortSignal {
  return new AbortController().signal;
}

/** A run's number as a UUIDv8, the version for custom formats (RFC 9562). */
function ridOf({ run }: TryOrder, { ledgerId }: TryWorld): string {
  const bytes = createHash('sha256').update(`${ledgerId} ${run}`).digest().subarray(0, 16);
  bytes[6] = ((bytes[6] ?? 0) & 0x0f) | 0x80;
  bytes[8] = ((bytes[8] ?? 0) & 0x3f) | 0x80;
  return bytes.toString('hex').replace(/^(.{8})(.{4})(.{4})(.{4})/, '$1-$2-$3-$4-');
}
