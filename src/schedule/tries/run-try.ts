/**
 * Starts the tries of a schedule.
 *
 * The log of a try is created before its process: without a log, the try was never started.
 */

import { existsSync } from 'node:fs';
import { type Started, startCommand } from '../../commands/start-command.ts';
import { Failure, writeFailure } from '../../failure.ts';
import { makeFolders } from '../../files/folders.ts';
import { systemCalls } from '../../files/system-calls.ts';
import { logPath } from '../../ledger/log-path.ts';
import { CommandTry, type TryContext } from './command-try.ts';
import { Secrets } from './secrets.ts';
import { type RunningTry, runOf, type TryOrder } from './try.ts';
import { Environments, type Place } from './try-environment.ts';
import { logMark, noteLines, TryLog } from './try-log.ts';
import type { TryWorld } from './try-world.ts';
import { UsageSampler } from './usage.ts';
import { type Wait, WaitTry } from './wait-try.ts';

/** Starts tries in one world. */
export class TryRunner {
  readonly #secrets = new WeakMap<TryWorld['fileEnv'], Secrets>();
  readonly #world: TryWorld;
  readonly #environments: Environments;
  #sampler: UsageSampler | undefined;

  constructor(world: TryWorld) {
    this.#world = world;
    this.#environments = new Environments(world);
  }

  /** What to redact from logs and the ledger: the values of the env files of the world and the graph. */
  secretsOf({ around }: Pick<TryOrder, 'around'>): Secrets {
    const { fileEnv } = this.#world;
    const key = around?.fileEnv ?? fileEnv;
    const secrets = this.#secrets.get(key) ?? new Secrets([...Object.values(fileEnv), ...Object.values(key)]);
    this.#secrets.set(key, secrets);
    return secrets;
  }

  /**
   * Starts a try.
   *
   * @param wait if the try polls its command until it succeeds
   * @throws Failure (I/O, temporary) when its log cannot be created: then it is not started. Any other reason why it could not
   * be started is its result.
   */
  async startTry(order: TryOrder, wait?: Wait): Promise<RunningTry> {
    const { pageBytes } = await systemCalls();
    this.#sampler ??= new UsageSampler(pageBytes());
    const place = this.#environments.ofTry(order);
    const context: TryContext = {
      ...{ order, place, world: this.#world, log: this.#openLog(order, place) },
      ...{ secrets: this.secretsOf(order), sampler: this.#sampler, start: this.#world.now() },
    };
    const start = () => startIn(place, order);
    return wait === undefined ? new CommandTry(context, await start()) : new WaitTry(context, wait, start);
  }

  #openLog(order: TryOrder, { env }: Place): TryLog {
    const { job, run, task, number } = order;
    const path = logPath(this.#world.logFolder, runOf(order), task, number);
    const names = Object.keys(env).filter((name) => env[name] !== undefined);
    const mark = logMark(this.#world.ledgerId);
    const header = [
      `try ${number} of run ${run}, ${mark}`,
      `job: ${job.name}`,
      `command: ${job.command}`,
      `environment: ${names.sort().join(' ')}`,
    ];
    const text = this.secretsOf(order).hide(noteLines(header, this.#world.now()));
    return new TryLog(path, { limit: job.policies.maxLogBytes, header: text, mark });
  }
}

/** Private to its owner: what one task leaves for the next may be secret. @throws Failure (I/O, temporary) */
function makeFolder(path: string): void {
  try {
    if (!existsSync(path)) makeFolders(path, 0o700);
  } catch (error) {
    throw writeFailure(path, error);
  }
}

/** Starts the command. @returns a Failure if it is refused, or resources are lacking */
async function startIn(
  { shell, cwd, env }: Place,
  { job, around, refusal }: TryOrder,
): Promise<Started | Failure> {
  if (refusal !== undefined) return refusal;
  try {
    if (around !== undefined) makeFolder(around.runDirectory);
    const stdin = job.input === '' ? 'ignore' : [Buffer.from(job.input)];
    return await startCommand([...shell, job.command], { env, cwd, stdin });
  } catch (error) {
    if (error instanceof Failure) return error;
    throw error;
  }
}
