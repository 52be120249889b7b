/**
 * get-events: the events of a live stream (Server-Sent Events), without gaps across lost connections and restarts.
 *
 * stdin   nothing       stdout  one event per line, or the output of CMD       stderr  gaps, failures, dead events
 * With CMD the stream advances past an event only once CMD has succeeded with it. Memory: 8 MiB of waiting events.
 */

import manifest from '../../package.json' with { type: 'json' };
import { commandOptions } from '../cli/command-options.ts';
import { inGroup } from '../cli/option.ts';
import { defineTool, type Io, rejectOptions } from '../cli/tool.ts';
import { durationValue, fileValue, numberValue, timeValue, waitValue } from '../cli/value-kinds.ts';
import type { Command } from '../commands/command.ts';
import { Bookmark } from '../events/bookmark.ts';
import { deliverEvents } from '../events/deliver-events.ts';
import { fillInbox, stopper } from '../events/fill-inbox.ts';
import { readHeaderFile } from '../events/headers.ts';
import { Inbox } from '../events/inbox.ts';
import { printEvents } from '../events/print-events.ts';
import { readStream } from '../events/read-stream.ts';
import { RecentEvents } from '../events/recent-events.ts';
import { Selector } from '../events/select-events.ts';
import { StateFile } from '../events/state.ts';
import { streamEndpoint } from '../events/stream-endpoint.ts';
import { parseIdle, parseUserAgent, type Source, streamSettings } from '../events/stream-options.ts';
import { Failure, status } from '../failure.ts';

/** Maximum bytes of events that wait while CMD runs; beyond it, reading the stream pauses. */
const MAX_WAITING = 8 << 20;
/** The same for stdout, which needs no full batches. */
const MAX_PRINTED = 1 << 20;

export default defineTool({
  name: 'get-events',
  summary: 'Follow an event stream (SSE) without gaps: print events as NDJSON, or pass them to CMD.',
  operands: 'URL',
  command: 'optional',
  waits: true,
  options: {
    state: { ...fileValue, describe: 'keep the position in this FILE, and resume from it' },
    since: { ...timeValue, describe: 'start at this TIME (?since=) if FILE has no position yet' },
    event: {
      type: 'text',
      value: 'NAME',
      repeats: true,
      describe: 'only events of this name; may be repeated',
    },
    raw: {
      type: 'flag',
      excludes: ['envelope'],
      describe: 'print single-line data as it came, JSON or not',
    },
    envelope: { type: 'flag', describe: 'print {"id","event","data"}, with data as it came' },
    count: { ...numberValue(1), describe: 'end after this many events' },
    for: { ...durationValue, describe: 'end after this time' },
    overlap: {
      ...waitValue,
      default: '30s',
      describe: 'without CMD: events count as done this long after printing',
    },
    idle: {
      type: 'text',
      value: 'DURATION',
      parse: parseIdle,
      default: '1m',
      describe: 'reconnect if nothing arrives for this time',
    },
    wait: { ...waitValue, default: '1m', describe: 'how long to wait for a server that is down or fails' },
    'warn-gap': { ...durationValue, default: '1m', describe: 'warn if the stream was down for longer' },
    'header-file': {
      ...fileValue,
      describe: 'headers to send, NAME: VALUE per line; $ETL_TOKEN is a bearer token',
    },
    'user-agent': {
      type: 'text',
      value: 'TEXT',
      env: 'ETL_USER_AGENT',
      default: `get-events/${manifest.version}`,
      parse: parseUserAgent,
      describe: 'the program and a contact',
    },
    ...inGroup('Command', {
      batch: { ...numberValue(1), default: '1000', describe: 'maximum events for one run of CMD' },
      linger: { ...waitValue, default: '1s', describe: 'maximum time that an event waits for others' },
    }),
    ...commandOptions,
    ...rejectOptions,
  },
  examples: [['$0 URL --state state -- queue-put rc.queue', 'all events, whatever is killed']],
  notes:
    'CMD gets up to --batch events on stdin, $ETL_BATCH, $ETL_COUNT, $ETL_TRY, and no terminal. Its exit status: 0 ' +
    'done, and FILE moves on. 75 not now: retried for ever. 65 bad data: halved until the bad event is alone, for ' +
    '--rejects (without it: exit 65). 64, 69, 78, 126, 127: exit 69. Others: --retries retries, then as 65. Without ' +
    'CMD, a reader that dies loses what it had not used. Repeats of the last 10000 events are skipped. Redirects ' +
    'elsewhere get no credentials. Without canaries:\n' +
    `  bash -o pipefail -c "jq -c 'select(.meta.domain != \\"canary\\")' | queue-put rc.queue"`,
  files: ({ state, 'header-file': headers }) => ({
    inputs: headers === undefined ? [] : [headers],
    outputs: state === undefined ? [] : [{ name: state, content: 'any' }],
  }),
  async *run(options, io, [address], command) {
    if (address === undefined) throw new Failure(status.usage, 'no URL (see get-events --help)');
    const { state: name, wait: waitMs, 'header-file': headers } = options;
    const ownHeaders = headers === undefined ? {} : await readHeaderFile(headers);
    const endpoint = streamEndpoint(address, ownHeaders, io.env.ETL_TOKEN);
    const state =
      name === undefined
        ? undefined
        : await StateFile.open({ name, url: endpoint.url.href, waitMs, signal: io.signal });
    const stop = stopper(io.signal, options.for);
    const inbox = new Inbox(state?.before?.id ?? '', command === undefined ? MAX_PRINTED : MAX_WAITING);
    try {
      const source = { endpoint, ownHeaders, before: state?.before, signal: stop.signal };
      const selector = selectorOf(options, io, source);
      const filled = fillInbox(inbox, readStream(streamSettings(options, io, source)), selector);
      const sink = { inbox, bookmark: new Bookmark(state, io.now), state, shown: endpoint.shown };
      if (command === undefined) yield* print(options, io, sink);
      else await deliver(command, options, io, sink);
      await filled;
      const { selected, repeats, others } = selector;
      io.explain(
        `${endpoint.shown}: ${selected} events; left out: ${repeats} repeats, ${others} other names`,
      );
    } finally {
      inbox.end();
      stop.end();
      state?.close();
    }
  },
});

/** Where events go. */
interface Sink {
  readonly inbox: Inbox;
  readonly bookmark: Bookmark;
  readonly state: StateFile | undefined;
  /** The name of the stream in messages. */
  readonly shown: string;
}

interface SelectionOptions {
  readonly raw: boolean;
  readonly envelope: boolean;
  readonly event: readonly string[];
  readonly count: number | undefined;
}

function selectorOf(options: SelectionOptions, { reject }: Io, { endpoint, before }: Source): Selector {
  const format = options.raw ? 'raw' : options.envelope ? 'envelope' : 'json';
  const count = options.count ?? Number.POSITIVE_INFINITY;
  const selection = { shown: endpoint.shown, format, names: new Set(options.event), count, reject } as const;
  return new Selector(selection, new RecentEvents(before?.recent ?? []));
}

function print({ overlap: overlapMs }: { overlap: number }, io: Io, sink: Sink): AsyncIterable<Buffer> {
  const { accept, flush, keepRejects } = io;
  return printEvents({ ...sink, overlapMs, accept, flush, keepRejects });
}

interface DeliveryOptions {
  readonly batch: number;
  readonly linger: number;
  readonly retries: number;
  readonly 'max-dead': number;
  readonly grace: number;
  readonly rejects: string | undefined;
}

async function deliver(command: Command, options: DeliveryOptions, io: Io, sink: Sink): Promise<void> {
  const { pass, keepRejects, reject, signal, warn, explain, env, insist } = io;
  // The output of CMD does not count as ours.
  io.count({ out: 0 });
  const { Deliverer } = await import('../commands/deliver.ts');
  const deliverer = new Deliverer({
    ...{ command, env, retries: options.retries, maxDead: options['max-dead'] },
    stdout: (chunk) => io.write(chunk),
    stderr: (chunk) => io.writeStderr(chunk),
    flush: () => io.flush(),
    stop: { signal, graceMs: options.grace, insist },
    ...{ warn, explain },
  });
  return deliverEvents({
    ...{ ...sink, deliverer, accept: pass, keepRejects, signal },
    ...{ count: options.batch, lingerMs: options.linger },
    // Without --rejects a dead event could not be kept, so it is not skipped.
    reject: options.rejects === undefined ? undefined : reject,
  });
}
