/**
 * One request to one server, and its answer as far as the headers.
 *
 * By Node's own client: loading fetch takes longer than all else that a tool does for one request, 110 ms of CPU time on Node 20
 * and 40 ms on Node 24.
 */

import { setMaxListeners } from 'node:events';
import type { Agent, ClientRequest } from 'node:http';
import { errorCode, errorText } from '../failure.ts';
import { nodeHttp, nodeHttps } from '../load.ts';
import { type Answer, answerOf } from './answer.ts';
import { isForbiddenPort } from './forbidden-ports.ts';

/** Time limit for connecting. */
const CONNECT_MS = 10_000;
/** Longest time without a byte from the server. */
export const SILENCE_MS = 300_000;
/** Many servers close idle connections after 5 s. A request must not race with that. */
const IDLE_MS = 4000;

/** What is sent. */
export interface Message {
  readonly method: string;
  /** Without credentials. */
  readonly url: URL;
  /** By their names in lower case. */
  readonly headers: Readonly<Record<string, string>>;
  readonly body?: string | Uint8Array<ArrayBuffer>;
}

/**
 * Redirects are not followed. The connection is reused once the body has been read.
 *
 * @param signals each of them ends the request, or its answer while the body is read. Not as one AbortSignal.any(), which
 *   does not keep the signal of a timeout alive: once collected as garbage, it would never fire
 * @throws Error with a code when the connection fails, without one for what cannot be sent; a signal's reason when it is aborted
 */
export async function exchange(message: Message, ...signals: readonly AbortSignal[]): Promise<Answer> {
  for (const signal of signals) signal.throwIfAborted();
  // Many parallel requests are not a leak.
  setMaxListeners(0, ...signals);
  const sent = open(message);
  return new Promise((resolve, reject) => {
    let answer: Answer | undefined;
    const fail = (error: Error) => (answer?.body ?? sent).destroy(error);
    const abort = () => fail(signals.find(({ aborted }) => aborted)?.reason);
    const release = () => {
      for (const signal of signals) signal.removeEventListener('abort', abort);
    };
    for (const signal of signals) signal.addEventListener('abort', abort, { once: true });
    limitSilence(sent, { fail, unread: () => answer?.body.readableLength ?? 0 });
    sent.once('response', (incoming) => {
      answer = answerOf(incoming);
      answer.body.once('close', release);
      sent.on('error', (error) => {
        // What follows a complete body does not matter. Resets are left to Node: one may end a body without a length.
        if (!incoming.complete && errorCode(error) !== 'ECONNRESET') fail(error);
      });
      resolve(answer);
    });
    sent.on('error', reject).once('close', () => {
      if (answer !== undefined) return;
      release();
      // Any other end emits an error.
      reject(new Error('the server switches to another protocol'));
    });
    sent.end(message.body);
  });
}

/** @throws Error without a code when it cannot be sent */
function open({ method, url, headers }: Message): ClientRequest {
  if (!/^https?:$/.test(url.protocol)) throw new Error('neither http nor https');
  if (isForbiddenPort(url.port)) throw new Error('bad port');
  const isSecure = url.protocol === 'https:';
  const { request } = isSecure ? nodeHttps() : nodeHttp();
  let sent: ClientRequest;
  try {
    sent = request(url, { method, headers, agent: agentOf(url.protocol), timeout: SILENCE_MS });
  } catch (error) {
    throw new Error(errorText(error), { cause: error });
  }
  const timer = setTimeout(() => sent.destroy(timedOut()), CONNECT_MS).unref();
  const connected = () => clearTimeout(timer);
  sent.once('close', connected).once('socket', (socket) => {
    if (socket.connecting) socket.once(isSecure ? 'secureConnect' : 'connect', connected);
    else connected();
  });
  return sent;
}

/** @param unread number of bytes that wait for a slow reader; until it reads them, the server is not silent */
function limitSilence(
  sent: ClientRequest,
  { fail, unread }: { fail(error: Error): void; unread(): number },
): void {
  const silent = () => {
    if (unread() > 0) sent.socket?.setTimeout(SILENCE_MS, silent);
    else fail(timedOut());
  };
  sent.on('timeout', silent);
}

function timedOut(): Error {
  return Object.assign(new Error('no byte from the server'), { code: 'ETIMEDOUT' });
}

const agents = new Map<string, Agent>();

function agentOf(protocol: string): Agent {
  const known = agents.get(protocol);
  if (known !== undefined) return known;
  const { Agent, globalAgent } = protocol === 'https:' ? nodeHttps() : nodeHttp();
  // Node sets its options from the environment, such as proxies.
  const agent = new Agent({ ...Reflect.get(globalAgent, 'options'), timeout: IDLE_MS });
  agents.set(protocol, agent);
  return agent;
}

/** What ended a connection, in words. */
export function connectionText(error: unknown): string {
  const code = errorCode(error);
  // Node's words are "socket hang up" and "aborted".
  if (code === 'ECONNRESET' && !Object(error).syscall) return 'connection lost';
  return errorText(error).replace(/^Parse Error\b/, 'the answer does not match the HTTP/1.1 protocol');
}
