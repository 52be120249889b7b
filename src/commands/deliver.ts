/** Delivers batches to a command; each is acknowledged, returned, halved or buried, by the table of `outcome.ts`. */

import { Failure, status } from '../failure.ts';
import { type Command, type CommandEnd, endText } from './command.ts';
import { type Delivered, nextStep, type Step, verdictOf } from './outcome.ts';
import { type Connections, runCommand } from './run-command.ts';

type Again = Pick<Extract<Step, { kind: 'return' }>, 'delayMs' | 'tries' | 'delays'>;

/** A leased batch, and what its source can do with it. */
export interface Delivery extends Delivered {
  /** Its name in messages, such as `rc.queue: messages 12 to 111`. */
  readonly shown: string;
  /** What the command reads, in parts. */
  readonly input: readonly Buffer[];
  /** Environment variables for the command. */
  readonly env: Readonly<Record<string, string>>;
  /** A locked descriptor that the command inherits. */
  readonly lease?: number;
  /** The batch was used: it is not delivered again. */
  acknowledge(): Promise<void>;
  /** The batch is delivered again after the delay. */
  giveBack(again: Again): Promise<void>;
  /** Each half is delivered again at once, on its own. Called for two or more messages. */
  halve(tries: number): Promise<void>;
  /** Moves its only message to the dead letters. */
  bury(end: CommandEnd, tries: number): Promise<void>;
}

interface Settings extends Pick<Connections, 'stdout' | 'stderr' | 'stop' | 'env'> {
  readonly command: Command;
  /** Tries after the first one. */
  readonly retries: number;
  /** Delivery stops after this many messages are buried in a row. */
  readonly maxDead: number;
  /** Waits until all that `stdout` took is written. @throws if it cannot be */
  flush(): Promise<unknown>;
  warn(message: string): void;
  explain(message: string): void;
}

/** Runs a command for one batch after another, or for several at once. */
export class Deliverer {
  readonly #settings: Settings;
  #deadInARow = 0;
  #buried = 0;

  constructor(settings: Settings) {
    this.#settings = settings;
  }

  /** Number of messages buried. */
  get buried(): number {
    return this.#buried;
  }

  /**
   * Runs the command once. @returns the step taken
   * @throws Failure (unavailable) when the command is wrong; what writing its output threw: the batch is returned before.
   * Failure (temporary) when too many messages die; the source's errors.
   */
  async deliver(delivery: Delivery): Promise<Step> {
    const { retries, warn, explain } = this.#settings;
    const end = await this.#run(delivery);
    const verdict = verdictOf(end);
    const step = nextStep(verdict, delivery, retries);
    const said = `${delivery.shown}: ${this.#settings.command[0]}: ${endText(end)}`;
    if (step.kind === 'acknowledge') {
      await delivery.acknowledge();
      this.#deadInARow = 0;
    } else if (step.kind === 'stop') {
      await delivery.giveBack(asBefore(delivery));
      throw wrongCommand(this.#settings.command, end);
    } else if (end.wasStopped) {
      await delivery.giveBack(asBefore(delivery));
      explain(`${said}: returned`);
    } else if (step.kind === 'return') {
      await delivery.giveBack(step);
      const say = verdict === 'failed' || step.delays === 1 ? warn : explain;
      say(`${said}: trying again in ${(step.delayMs / 1000).toFixed(1)} s`);
    } else if (step.kind === 'halve') {
      await delivery.halve(step.tries);
      explain(`${said}: halved`);
    } else if (step.kind === 'bury') {
      await delivery.bury(end, step.tries);
      warn([`${said}: dead`, lastLine(end.stderr)].filter(Boolean).join(': '));
      this.#countDead();
    }
    return step;
  }

  async #run(delivery: Delivery): Promise<CommandEnd> {
    const { command, env, stdout, stderr, stop, flush } = this.#settings;
    const { input: stdin, lease } = delivery;
    try {
      const own = { env: { ...env, ...delivery.env }, stdin, ...(lease !== undefined && { lease }) };
      const end = await runCommand(command, { ...own, stdout, stderr, flush, stop });
      // At shutdown, the machine may kill the command before we do.
      const wasStopped = end.wasStopped || (stop.signal.aborted && end.status > 128);
      return { ...end, wasStopped };
    } catch (error) {
      await delivery.giveBack(asBefore(delivery));
      throw error;
    }
  }

  #countDead(): void {
    this.#buried++;
    this.#deadInARow++;
    const { maxDead } = this.#settings;
    if (this.#deadInARow < maxDead) return;
    throw new Failure(status.temporary, `${maxDead} messages died in a row (--max-dead)`);
  }
}

function asBefore({ tries, delays }: Delivered): Again {
  return { delayMs: 0, tries, delays };
}

function wrongCommand([program]: Command, end: CommandEnd): Failure {
  const why = end.status === 127 || end.status === 126 ? lastLine(end.stderr) : endText(end);
  return new Failure(status.unavailable, `${program}: ${why || endText(end)}: the command is wrong`);
}

function lastLine(text: string): string {
  return text.trimEnd().split('\n').at(-1) ?? '';
}
