/** Builds what the execution of runs depends on, from the ledger, settings and surroundings of a schedule. */

import { setMaxListeners } from 'node:events';
import type { Failure } from '../failure.ts';
import type { Ledger } from '../ledger/ledger.ts';
import { reportPath } from '../ledger/log-path.ts';
import type { ToolReport } from '../ledger/records.ts';
import { readReports } from '../ledger/report-file.ts';
import { Pools } from './graph/pools.ts';
import { hookActions } from './hook-actions.ts';
import { Hooks } from './hooks.ts';
import type { RunEvents } from './measures/run-events.ts';
import { TryRunner } from './tries/run-try.ts';
import { Slots } from './tries/slots.ts';
import type { RunningTry, TryOrder } from './tries/try.ts';
import type { TryWorld } from './tries/try-world.ts';
import type { Wait } from './tries/wait-try.ts';

/** Everything that executing runs needs. */
export interface RunWorld {
  readonly ledger: Ledger;
  readonly slots: Slots;
  readonly hooks: Hooks;
  readonly events: RunEvents;
  readonly pools: Pools;
  /** Absolute. */
  readonly logFolder: string;
  /** @param wait if the try polls its command until it succeeds @throws Failure when it cannot be started now, but may be later */
  startTry(order: TryOrder, wait?: Wait): Promise<RunningTry>;
  /** The reports of a try's tools. */
  takeReports(order: TryOrder): readonly ToolReport[];
  /** Called when the ledger cannot be written. */
  troubled(failure: Failure): void;
  now(): number;
  random(): number;
  /** Aborted when no further try may start. */
  readonly stopping: AbortSignal;
  /** Aborted when running tries must end. */
  readonly ending: AbortSignal;
}

/** How and where tries run. */
export interface TrySettings {
  /** Maximum number of concurrent tries. */
  readonly slots: number;
  readonly logFolder: string;
  /** Path of the lock that this schedule holds. */
  readonly runner: string;
  readonly cwd: string;
  readonly cleanEnv: boolean;
  readonly fileEnv: Readonly<Record<string, string>>;
  /** Whether their output is passed on. */
  readonly passthrough: boolean;
}

interface Around {
  readonly io: {
    readonly env: Readonly<Record<string, string | undefined>>;
    write(bytes: Buffer): Promise<void>;
    writeStderr(bytes: Buffer): void;
    warn(message: string): void;
    explain(message: string): void;
    now(): number;
  };
  readonly events: RunEvents;
  readonly stopping: AbortSignal;
  readonly ending: AbortSignal;
  troubled(failure: Failure): void;
  /** Called on a bug. */
  failed(error: unknown): void;
}

export function runWorld(ledger: Ledger, settings: TrySettings, around: Around): RunWorld {
  const { io, events, stopping, ending, troubled, failed } = around;
  const { slots, logFolder, passthrough } = settings;
  // Every running try and every waiting run adds a listener.
  setMaxListeners(0, stopping, ending);
  const ownOutput = {
    stdout: (lines: Buffer) => io.write(lines),
    stderr: async (lines: Buffer) => io.writeStderr(lines),
  };
  const world: TryWorld = {
    ...{ logFolder, ledgerId: ledger.id, runner: settings.runner, env: io.env, fileEnv: settings.fileEnv },
    ...{ cwd: settings.cwd, cleanEnv: settings.cleanEnv, now: () => io.now() },
    ...(passthrough && { passthrough: ownOutput }),
  };
  const tries = new TryRunner(world);
  return {
    ...{ ledger, slots: new Slots(slots), pools: new Pools(), logFolder, events, stopping, ending, troubled },
    hooks: new Hooks(
      ledger,
      hookActions(world, { ...io, secretsOf: (order) => tries.secretsOf(order) }),
      failed,
    ),
    startTry: (order, wait) => tries.startTry(order, wait),
    takeReports: (order) =>
      readReports(reportPath(logFolder, { ...order, job: order.job.name }, order.task, order.number)),
    now: () => io.now(),
    random: Math.random,
  };
}
