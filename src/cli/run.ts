/**
 * Runs a tool in a world: parses its command line, connects its input and output, and returns the exit status.
 */

import manifest from '../../package.json' with { type: 'json' };
import { secretHider } from '../addresses/show.ts';
import { later } from '../async/later.ts';
import { eventLoopYielder } from '../async/yield-to-event-loop.ts';
import type { Command } from '../commands/command.ts';
import { errorCode, errorText, Failure, isScarce, status } from '../failure.ts';
import { type CommandFiles, checkFiles, textFiles } from '../files/command-files.ts';
import { quote } from '../lines/line.ts';
import { parseCommandLine } from './arguments.ts';
import { connect, isBatch, type World } from './io.ts';
import type { ParsedOptions } from './option.ts';
import { Output, StdoutError } from './output.ts';
import { Progress } from './progress.ts';
import { Rejects } from './rejects.ts';
import { Report } from './report.ts';
import type { MaxRejects, Tool } from './tool.ts';

/** How long writing output may take after a signal. */
const FLUSH_LIMIT_MS = 1000;

/** How often to check that stdout still has a reader. */
const POLL_MS = 1000;

/** Runs a tool to its end. @returns its exit status, which is irrelevant once the world's signal is aborted */
export async function runTool(tool: Tool, world: World): Promise<number> {
  const hideSecrets = secretHider([...world.words.flatMap(values), world.env.ETL_STORE ?? '']);
  const say = (message: string) => world.writeStderr(`${tool.name}: ${hideSecrets(message)}\n`);
  const stop = new AbortController();
  const report = new Report(tool.name, world.env.ETL_REPORT);
  const output = new Output(
    report.counting((bytes) => world.writeStdout(bytes)),
    // A tool that runs commands goes on without a reader: their output is in their logs.
    (error) => tool.runsCommands || stop.abort(error),
    world.stdoutIsTerminal,
  );
  try {
    checkWords(world);
    const commandLine = await parseCommandLine(tool, world.words, world.env, manifest.version);
    const runsCommands =
      commandLine.kind === 'run' && (commandLine.command ?? tool.runsCommands) !== undefined;
    if (runsCommands) world.giveTime?.();
    if (commandLine.kind === 'run')
      return await runParsed(tool, commandLine, { world, output, say, stop, report });
    await output.add(commandLine.text);
    await output.flush();
    return status.ok;
  } catch (error) {
    const end = explainEnd(error, world, say);
    report.append(end, () => {});
    return end;
  }
}

/** Node decodes invalid UTF-8 as U+FFFD, and a file of that name would be another file. @throws Failure (usage) */
function checkWords({ words, wordsAreExact }: World): void {
  const odd = words.find((word) => word.includes('\ufffd'));
  if (odd !== undefined && !wordsAreExact())
    throw new Failure(status.usage, `an argument is not UTF-8: ${quote(odd)}`);
}

/** A word, and the values that it holds if it is an option. */
function values(word: string): string[] {
  return [word, word.slice(word.indexOf('=') + 1), /^-\w./.test(word) ? word.slice(2) : ''];
}

interface RunContext {
  readonly world: World;
  readonly output: Output;
  readonly say: (message: string) => void;
  readonly report: Report;
  /** Ends every wait for input. */
  readonly stop: AbortController;
}

async function runParsed(
  tool: Tool,
  { options, operands, command }: { options: ParsedOptions; operands: readonly string[]; command?: Command },
  { world, output, say, stop, report }: RunContext,
): Promise<number> {
  const { quiet, verbose, policy } = readSettings(options, world.env);
  const warn = quiet ? () => {} : say;
  const rejects = new Rejects(policy, warn);
  const isVisible = world.stderrIsTerminal && !quiet;
  const progress = new Progress(isVisible, (text) => world.writeStderr(text), {
    name: tool.name,
    rows: () => rejects.accepted,
  });
  const signal = AbortSignal.any([world.signal, stop.signal]);
  let end: number = status.ok;
  const fail = (failure: Error) => {
    if (!(failure instanceof Failure)) throw failure;
    say(failure.message);
    end = failure.status;
  };
  const conclude = (code: number) => {
    end = code;
  };
  const explain = verbose ? say : () => {};
  const watch = tool.waits && command === undefined ? watchStdout(world, stop) : undefined;
  const io = connect(world, { output, rejects, progress, report, warn, explain, fail, conclude, signal });
  try {
    checkFiles(filesOf(tool, { options, operands }, world.env, policy.file), world.streamIdentity);
    // Promises that settle at once, as for a file or /dev/null, would starve the event loop, and with it signals.
    const yieldToEventLoop = eventLoopYielder();
    for await (const text of tool.run(options, io, operands, command)) {
      progress.wipe();
      await output.add(text);
      await yieldToEventLoop();
      signal.throwIfAborted();
    }
    await flush(output, world.signal);
  } catch (error) {
    // A failure counts even if the reader is gone.
    end = explainEnd(await flushed(output, error, world.signal), world, say) || end;
  } finally {
    clearInterval(watch);
    progress.close();
    // A failed tool may still be waiting for input, and that wait would keep the process alive.
    stop.abort(new Error('the tool has ended'));
  }
  try {
    if (rejects.close() && end === status.ok) end = status.data;
  } catch (error) {
    end = explainEnd(error, world, say);
  }
  const { accepted, rejected } = rejects;
  report.count({ in: accepted + rejected, rejected });
  if (tool.stores) explain(report.totals());
  report.append(await statusOf(end, world), explain);
  return end;
}

/** The exit status as the shell sees it, even if the process will die by a signal. */
async function statusOf(end: number, { signal }: World): Promise<number> {
  if (!signal.aborted) return end;
  const { signalStatus } = await import('../commands/command.ts');
  return signalStatus(errorText(signal.reason) as NodeJS.Signals);
}

/** Stops a waiting tool once stdout has lost its reader: it does not write, and so gets no EPIPE. */
function watchStdout(world: World, stop: AbortController): NodeJS.Timeout {
  const poll = async () => {
    if (await world.stdoutIsBroken())
      stop.abort(new StdoutError(0, { cause: Object.assign(new Error('EPIPE'), { code: 'EPIPE' }) }));
  };
  return setInterval(poll, POLL_MS).unref();
}

function filesOf(
  tool: Tool,
  { options, operands }: { options: ParsedOptions; operands: readonly string[] },
  env: World['env'],
  rejects: string | undefined,
): CommandFiles {
  const { inputs, outputs } = tool.files?.(options, operands, env) ?? { inputs: [], outputs: [] };
  return { inputs, outputs: [...outputs, ...textFiles(rejects)] };
}

/** Writes what was yielded before an error. @returns the error to report: that of the write, if that fails, too */
async function flushed(output: Output, error: unknown, signal: AbortSignal): Promise<unknown> {
  try {
    await flush(output, signal);
    return error;
  } catch (outputError) {
    return outputError;
  }
}

/** Writes all output; after a signal, waits only briefly for a slow reader. */
async function flush(output: Output, signal: AbortSignal): Promise<void> {
  const written = later(output.flush());
  let timer: NodeJS.Timeout | undefined;
  const limit = new Promise<void>((resolve) => {
    const begin = () => {
      timer = setTimeout(resolve, FLUSH_LIMIT_MS);
    };
    if (signal.aborted) begin();
    else signal.addEventListener('abort', begin, { once: true });
  });
  await Promise.race([written, limit]);
  clearTimeout(timer);
}

/** Reports an expected error in one line and a bug with its stack, but neither a signal nor a lost reader (EPIPE). */
function explainEnd(error: unknown, world: World, say: (message: string) => void): number {
  if (world.signal.aborted) return status.ok;
  if (error instanceof StdoutError) {
    if (errorCode(error.cause) === 'EPIPE') return status.ok;
    say(`write error: ${errorText(error.cause)}`);
    return status.io;
  }
  if (error instanceof Failure) {
    say(error.message);
    return error.status;
  }
  // Out of descriptors, for instance: then even loading a module fails. That is no bug.
  if (isScarce(error)) {
    say(errorText(error));
    return status.temporary;
  }
  say(`this is a bug: ${error instanceof Error ? error.stack : String(error)}`);
  return status.software;
}

function readSettings(options: ParsedOptions, env: World['env']) {
  // Tools that read no lines do not declare the last three.
  const settings = options as {
    quiet: boolean;
    verbose: boolean;
    rejects?: string;
    strict?: boolean;
    'max-rejects'?: MaxRejects;
  };
  const { quiet, verbose, rejects: file, strict = false, 'max-rejects': max } = settings;
  return { quiet, verbose, policy: { file, strict, max, verbose, isBatch: isBatch(env) } };
}
