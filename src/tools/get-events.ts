/**
 * get-events: the events of a live stream (Server-Sent Events), without a gap over breaks and restarts.
 *
 * stdin   nothing       stdout  one event per line, or what CMD prints       stderr  gaps, failures, events that are dead
 * With CMD an event is passed over only when CMD has ended well with it. Memory: 8 MiB of events that wait.
 */

import manifest from '../../package.json' with { type: 'json' };
import { malformed, parseAddress } from '../addresses/parse.ts';
import { LONGEST_TIMER_MS } from '../async/time-limit.ts';
import { defineTool, type Io, rejectOptions, wholeNumber } from '../cli/tool.ts';
import type { Command } from '../commands/command.ts';
import { Deliverer } from '../commands/deliver.ts';
import { Bookmark } from '../events/bookmark.ts';
import { deliverEvents } from '../events/deliver-events.ts';
import { type Headers, readHeaderFile } from '../events/headers.ts';
import { Inbox } from '../events/inbox.ts';
import { printEvents } from '../events/print-events.ts';
import { type Chunk, readStream } from '../events/read-stream.ts';
import { RecentEvents } from '../events/recent-events.ts';
import { Selector } from '../events/select-events.ts';
import { StateFile } from '../events/state.ts';
import { Failure, status } from '../failure.ts';
import { type Endpoint, parseEndpoint } from '../http/request.ts';
import { parseToken } from '../http/token.ts';
import { parseDuration } from '../readings/duration.ts';
import { formatTime, parseTimeOption } from '../readings/time.ts';

/** Beyond it fetch gives up a silent connection by itself. */
const LONGEST_IDLE_MS = 300_000;

export default defineTool({
  name: 'get-events',
  summary: 'Print the events of a stream (SSE) as lines of JSON, or give them to CMD, without a gap.',
  operands: 'URL',
  command: 'optional',
  options: {
    state: { type: 'text', describe: 'resume from this FILE, which says how far events were used' },
    since: {
      type: 'text',
      parse: parseTimeOption,
      describe: 'begin at this TIME (?since=), if FILE knows nothing yet',
    },
    event: { type: 'text', repeats: true, describe: 'only events of this name; may be repeated' },
    raw: { type: 'flag', describe: 'data as they came, if they are one line; not only JSON' },
    envelope: { type: 'flag', describe: 'print {"id","event","data"}, with data as they came' },
    batch: {
      type: 'text',
      parse: wholeNumber(1),
      default: '1000',
      describe: 'maximum events for one run of CMD',
    },
    linger: {
      type: 'text',
      parse: parseDuration,
      default: '1s',
      describe: 'maximum time that an event waits for others',
    },
    count: { type: 'text', parse: wholeNumber(1), describe: 'end after this many events' },
    for: { type: 'text', parse: parseDuration, describe: 'end after this time' },
    overlap: {
      type: 'text',
      parse: parseOverlap,
      default: '30s',
      describe: 'without CMD: an event counts as used so much later',
    },
    retries: {
      type: 'text',
      parse: wholeNumber(0),
      default: '4',
      describe: 'tries of CMD after the first one, if it fails',
    },
    'max-dead': {
      type: 'text',
      parse: wholeNumber(1),
      default: '10',
      describe: 'exit 75 when this many events in a row are refused by CMD',
    },
    grace: {
      type: 'text',
      parse: parseDuration,
      default: '1m',
      describe: 'how long CMD may go on after a signal',
    },
    idle: {
      type: 'text',
      parse: parseIdle,
      default: '1m',
      describe: 'connect anew when no byte comes for this time',
    },
    wait: {
      type: 'text',
      parse: parseDuration,
      default: '1m',
      describe: 'how long to wait for a server that is down or fails',
    },
    'warn-gap': {
      type: 'text',
      parse: parseDuration,
      default: '1m',
      describe: 'warn when the stream was away for longer',
    },
    'header-file': {
      type: 'text',
      describe: 'headers to send, NAME: VALUE per line; $ETL_TOKEN is a bearer token',
    },
    'user-agent': {
      type: 'text',
      env: 'ETL_USER_AGENT',
      default: `get-events/${manifest.version}`,
      parse: parseUserAgent,
      describe: 'the program and a contact',
    },
    ...rejectOptions,
  },
  examples: [['$0 URL --state state -- queue-put rc.queue', 'all events, whatever is killed']],
  notes:
    'CMD gets up to --batch of them on stdin, $ETL_BATCH, $ETL_COUNT, $ETL_TRY, and no terminal. It ends\n' +
    'with 0: used, and FILE says so; 75: again, for ever; 65: halved until the bad event is alone, for\n' +
    '--rejects (without it: exit 65); 64, 69, 78, 126, 127: exit 69; else: again, --retries times, then\n' +
    'as 65. Without CMD a reader that dies loses what it had not used. Repeats of the last 10000 events\n' +
    'are left out. A redirect elsewhere gets no credentials. CMD without canaries:\n' +
    `  bash -o pipefail -c "jq -c 'select(.meta.domain != \\"canary\\")' | queue-put rc.queue"`,
  files: ({ state, 'header-file': headers }) => ({
    inputs: headers === undefined ? [] : [headers],
    outputs: state === undefined ? [] : [{ name: state, content: 'any' }],
  }),
  async *run(options, io, [address], command) {
    const format = options.raw ? 'raw' : options.envelope ? 'envelope' : 'json';
    if (options.raw && options.envelope) throw new Failure(status.usage, 'either --raw or --envelope');
    const ownHeaders = await readHeaders(options['header-file']);
    const endpoint = endpointOf(address, ownHeaders, io.env);
    const { shown } = endpoint;
    const { state: name, wait: waitMs } = options;
    const url = endpoint.url.href;
    const state = name === undefined ? undefined : await StateFile.open({ name, url, waitMs });
    const stop = stopper(io.signal, options.for);
    try {
      const { id = '', time, recent = [] } = state?.before ?? {};
      const selector = new Selector(
        {
          ...{ shown, format, names: new Set(options.event), reject: io.reject },
          count: options.count ?? Number.POSITIVE_INFINITY,
        },
        new RecentEvents(recent),
      );
      const inbox = new Inbox(id);
      const stream = readStream({
        ...{ endpoint, ownHeaders, headers: { 'user-agent': options['user-agent'] } },
        ...{ lastId: id, awayMs: time === undefined ? undefined : Math.max(0, io.now() - time) },
        sinceUrl: sinceUrl(endpoint.url, options.since),
        ...{ idleMs: options.idle, waitMs, warnGapMs: options['warn-gap'] },
        ...{ signal: stop.signal, warn: io.warn, explain: io.explain },
      });
      const filled = fill(inbox, stream, selector);
      const bookmark = new Bookmark(state, io.now);
      const { accept } = io;
      const keepRejects = () => io.keepRejects();
      if (command === undefined) {
        const flush = () => io.flush();
        yield* printEvents({ inbox, bookmark, overlapMs: options.overlap, accept, flush, keepRejects });
      } else {
        await deliverEvents({
          ...{ inbox, bookmark, state, shown, accept, keepRejects, signal: io.signal },
          ...{ count: options.batch, lingerMs: options.linger },
          deliverer: delivererOf(command, options, io),
          reject: options.rejects === undefined ? undefined : io.reject,
        });
      }
      await filled;
      const { selected, repeats, others } = selector;
      io.explain(`${shown}: ${selected} events, ${repeats} repeats and ${others} of other names left out`);
    } finally {
      stop.end();
      state?.close();
    }
  },
});

/** Moves what is selected of a stream into the inbox, until there is enough or it ends; its failure is one of the inbox. */
async function fill(inbox: Inbox, stream: AsyncIterable<Chunk>, selector: Selector): Promise<void> {
  try {
    for await (const { events, lastId } of stream) {
      const selected = selector.select(events, lastId);
      await inbox.add(selected.events, selected.lastId);
      if (selector.isDone) break;
    }
    inbox.end();
  } catch (error) {
    inbox.end(error);
  }
}

/** A signal for the stream, aborted when the tool is asked to end, after a time, and in the end. */
function stopper(signal: AbortSignal, afterMs: number | undefined) {
  const stop = new AbortController();
  const end = () => stop.abort(new Error('no more events are wanted'));
  if (signal.aborted) end();
  signal.addEventListener('abort', end, { once: true });
  const timer = afterMs === undefined ? undefined : setTimeout(end, Math.min(afterMs, LONGEST_TIMER_MS));
  return {
    signal: stop.signal,
    end: () => {
      clearTimeout(timer);
      end();
    },
  };
}

function delivererOf(command: Command, options: CommandOptions, io: Io): Deliverer {
  return new Deliverer({
    ...{ command, env: io.env, retries: options.retries, maxDead: options['max-dead'] },
    stdout: (chunk) => io.write(chunk),
    stderr: (chunk) => io.writeStderr(chunk),
    flush: () => io.flush(),
    stop: { signal: io.signal, graceMs: options.grace, insist: io.insist },
    ...{ warn: io.warn, explain: io.explain },
  });
}

interface CommandOptions {
  readonly retries: number;
  readonly 'max-dead': number;
  readonly grace: number;
}

async function readHeaders(name: string | undefined): Promise<Headers> {
  return name === undefined ? {} : readHeaderFile(name);
}

/** @throws Failure (usage) for anything but a URL of http or https */
function endpointOf(address: string | undefined, headers: Headers, env: Io['env']): Endpoint {
  if (address === undefined) throw new Failure(status.usage, 'no URL (see get-events --help)');
  const parsed = parseAddress(address);
  if (!/^https?$/.test(parsed.scheme) || !URL.canParse(address)) throw malformed(parsed, 'https://HOST/PATH');
  const endpoint = parseEndpoint(address, parseToken(env.ETL_TOKEN ?? '', '$ETL_TOKEN'));
  const { authorization, secrets } = endpoint;
  return {
    ...endpoint,
    // That of the file is meant for this stream.
    authorization: headers.authorization === undefined ? authorization : undefined,
    secrets: [...secrets, ...Object.values(headers).filter(Boolean)],
  };
}

function sinceUrl(url: URL, since: number | undefined): URL | undefined {
  if (since === undefined) return undefined;
  const asking = new URL(url);
  asking.searchParams.set('since', formatTime(since));
  return asking;
}

function parseOverlap(text: string): number {
  return /^0(?:ms|[smhdw])?$/.test(text) ? 0 : parseDuration(text);
}

function parseIdle(text: string): number {
  const idleMs = parseDuration(text);
  if (idleMs > LONGEST_IDLE_MS) throw new Error(`more than 5m: ${JSON.stringify(text)}`);
  return idleMs;
}

function parseUserAgent(text: string): string {
  if (!/^[\x20-\x7e]+$/.test(text)) throw new Error(`not one line of ASCII: ${JSON.stringify(text)}`);
  return text;
}
