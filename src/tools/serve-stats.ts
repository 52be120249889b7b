/**
 * serve-stats: a live chart of a store in the browser, an API for its rows, and the server that `load-stats` posts to.
 *
 * stdin   nothing      stdout  its address, as soon as it listens      stderr  what fails; with --verbose each request
 * It answers the requests it has accepted, even after a signal. Rows of a post that was answered with success are in the
 * store. Memory: bounded, whatever clients do.
 */

import { promises as fs } from 'node:fs';
import manifest from '../../package.json' with { type: 'json' };
import { aheadOption } from '../cli/ahead-option.ts';
import { keepOption } from '../cli/keep-option.ts';
import { limitOptions, limitRules } from '../cli/limit-options.ts';
import { defineTool, type Io } from '../cli/tool.ts';
import { unitsOption } from '../cli/unit-options.ts';
import { durationValue, fileValue, numberValue, waitValue } from '../cli/value-kinds.ts';
import type { RetentionSettings } from '../dashboard/retention.ts';
import { type Access, isOpenToPosts } from '../dashboard/security.ts';
import { serve } from '../dashboard/serve.ts';
import { Failure, readFailure, status } from '../failure.ts';
import { storeFiles } from '../files/command-files.ts';
import { parseToken } from '../http/token.ts';
import { LedgerReader } from '../ledger/reader.ts';
import { parseSize, showSize } from '../lines/size.ts';
import { FutureCheck } from '../readings/ahead.ts';
import { limitsBySensor } from '../readings/sensor-limits.ts';
import { unitOfSeries } from '../readings/series-units.ts';
import { scheduleInWords } from '../schedule/due/in-words.ts';
import { nextDueOf } from '../schedule/due/known-job.ts';
import { openReader, openStore, parseStoreAddress } from '../stores/open.ts';

const DEFAULT_STORE = 'stats.db';
/** Maximum size of a CSV store, which is held in memory several times over. */
const MAX_CSV_BYTES = 1 << 25;
const MAX_BODY_BYTES = 1 << 30;
/** Time for open requests after a signal; container runtimes wait 10 s before they kill. */
const STOP_MS = 8000;

export default defineTool({
  name: 'serve-stats',
  summary: 'Serve a live chart of a store, its rows as JSON and CSV, and an endpoint for load-stats.',
  operands: '[STORE]',
  options: {
    host: {
      type: 'text',
      value: 'HOST',
      default: '127.0.0.1',
      describe: 'the address to listen on; 0.0.0.0 for all',
    },
    port: { ...numberValue(0, 65_535), default: '8080', describe: 'the port; 0 for any free one' },
    'token-file': { ...fileValue, describe: 'a post needs the token in this file' },
    'read-token-file': {
      ...fileValue,
      describe: 'reading needs this, or the token of posts; the password in browsers',
    },
    'allow-host': {
      type: 'text',
      value: 'NAME',
      repeats: true,
      describe: 'also answer to this host name; repeatable (default: names and addresses of this machine)',
    },
    'behind-proxy': {
      type: 'flag',
      describe: 'run behind a proxy: trust its X-Forwarded-For and -Host',
    },
    'max-body': {
      type: 'text',
      value: 'SIZE',
      parse: parseBodySize,
      default: '16M',
      describe: 'refuse posts of more bytes',
    },
    ledger: { ...fileValue, describe: 'show the runs in this ledger of schedule, and allow actions on them' },
    ...limitOptions,
    ...unitsOption,
    keep: { ...keepOption.keep, describe: 'remove older rows every hour, as prune-stats does: 1m=30d,1h=5y' },
    ...aheadOption,
    wait: { ...waitValue, default: '10s', describe: 'how long a post waits for other writers' },
    timeout: { ...durationValue, default: '10s', describe: 'how long a server may take' },
  },
  examples: [
    ['$0', 'stats.db on http://127.0.0.1:8080/'],
    ['$0 --host 0.0.0.0 --token-file token hours.db', 'for other machines, all of which may read'],
    ['$0 --behind-proxy --allow-host a.example --token-file token', 'behind Caddy or nginx'],
    ['$0 --max 30 --min 5', 'marks values beyond these limits, as check-stats does'],
    ['load-stats --to http://127.0.0.1:8080/api/stats', 'posts to it'],
  ],
  notes:
    'STORE is $ETL_STORE or stats.db by default, and need not exist yet. Anyone who reaches the address may read, ' +
    'unless --read-token-file is given; tokens are safe only behind a proxy with TLS. A post needs the token of ' +
    '$ETL_TOKEN or --token-file, if one is set; without one, posts are accepted only from this machine, on a loopback ' +
    'address and without a token to read. Requests for a host name that is not allowed are refused; /healthz is open ' +
    'to all. One client (address, or IPv6 /64) gets only a share of all connections, requests and events. A store has ' +
    'at most 256 columns, a CSV file 32 MiB. /api/openapi.json describes the requests, /metrics is for Prometheus. ' +
    'With --ledger, anyone who may post may also run, pause, stop and retry jobs through the schedule; the ledger ' +
    'records who did.',
  files: ({ ledger }, [operand], env) => ({
    inputs: ledger === undefined ? [] : [ledger],
    outputs: storeFiles(storeOf(operand, env)),
  }),
  graceMs: STOP_MS + 2000,
  async *run(options, io, [operand]) {
    const address = parseStoreAddress(storeOf(operand, io.env));
    const limitsOf = limitsBySensor(limitRules(options));
    const access: Access = {
      token: (await readToken(options['token-file'])) ?? parseToken(io.env.ETL_TOKEN ?? '', '$ETL_TOKEN'),
      readToken: await readToken(options['read-token-file']),
      allowedHosts: [...options['allow-host'], options.host],
      behindProxy: options['behind-proxy'],
    };
    // Not io.signal: after a signal, an accepted post may still wait for the store.
    const ended = new AbortController();
    const settings = {
      waitMs: options.wait,
      timeoutMs: options.timeout,
      token: undefined,
      mostBytes: MAX_CSV_BYTES,
      signal: ended.signal,
    };
    const [reader, store] = [await openReader(address, settings), await openStore(address, settings)];
    const ledger =
      options.ledger === undefined
        ? undefined
        : {
            reader: new LedgerReader(options.ledger, { waitMs: options.wait, signal: ended.signal }),
            path: options.ledger,
            due: { nextDueOf, inWords: scheduleInWords },
          };
    const future = new FutureCheck({ ...io, ahead: options.ahead });
    const failed = reporter(io);
    const { keep } = options;
    let keeping: Promise<void> | undefined;
    try {
      // A file that is not a ledger is refused at the start.
      await ledger?.reader.read(() => {});
      const serving = await serve({
        ...{ reader, store, ledger, access, version: manifest.version },
        ...{ host: options.host, port: options.port, maxBody: options['max-body'] },
        unitOf: (newest) => unitOfSeries(options.units.flat(), newest),
        limitsOf,
        ...{ future, failed, now: io.now },
        log: io.explain,
        count: io.count,
      });
      try {
        if (access.token === undefined && !isOpenToPosts(access, serving.address))
          io.warn('posting is off, since there is no token: see --token-file');
        io.count({ out: 0 });
        if (keep !== undefined) keeping = removeOldRows({ reader, store, keep }, { io, future, failed });
        yield `${serving.url}\n`;
        await aborted(io.signal);
      } finally {
        await serving.stop(STOP_MS);
      }
    } finally {
      ended.abort(new Error('the server has ended'));
      await keeping;
      await reader.close();
      await ledger?.reader.close();
      await store.close();
    }
  },
});

/** Removes old rows, with code that only `--keep` loads. */
async function removeOldRows(
  what: Pick<RetentionSettings, 'reader' | 'store' | 'keep'>,
  { io, future, failed }: { io: Io; future: FutureCheck; failed(error: unknown): void },
): Promise<void> {
  const { keepRows } = await import('../dashboard/retention.ts');
  const { now, explain, warn, signal } = io;
  await keepRows({ ...what, now, explain, warn, signal, failed, latest: () => future.latest });
}

/** @throws Failure (no input) if the file cannot be read, (usage) if it holds no valid token */
async function readToken(file: string | undefined): Promise<string | undefined> {
  if (file === undefined) return undefined;
  const content = await fs.readFile(file, 'utf8').catch((error: unknown) => {
    throw readFailure(file, error);
  });
  const token = parseToken(content, file);
  if (token === undefined) throw new Failure(status.usage, `${file}: there is no token in it`);
  return token;
}

function storeOf(operand: string | undefined, env: Io['env']): string {
  return operand ?? (env.ETL_STORE || DEFAULT_STORE);
}

/** Parses a size in bytes, up to 1 GiB. @throws Error with a message for the user */
function parseBodySize(text: string): number {
  const bytes = parseSize(text);
  if (bytes <= MAX_BODY_BYTES) return bytes;
  throw new Error(`more than ${showSize(MAX_BODY_BYTES)}: ${JSON.stringify(text)}`);
}

/** Reports a repeated failure once: a store that is down would be reported with every request. */
function reporter(io: Io): (error: unknown) => void {
  let last = '';
  return (error) => {
    const isFailure = error instanceof Failure;
    const message = isFailure
      ? error.message
      : `this is a bug: ${error instanceof Error ? error.stack : error}`;
    if (message !== last) io.warn(message);
    last = message;
  };
}

function aborted(signal: AbortSignal): Promise<void> {
  return new Promise((resolve) => {
    if (signal.aborted) resolve();
    signal.addEventListener('abort', () => resolve(), { once: true });
  });
}
