/** The answer to a request: status, headers, and the body as it arrives. The names are those of fetch. */

import type { IncomingMessage } from 'node:http';
import type { Readable } from 'node:stream';
import { decodedBody } from './content-encoding.ts';

/** Statuses without a body. */
const WITHOUT_BODY = new Set([204, 205, 304]);

export interface Answer extends Pick<Response, 'status' | 'statusText' | 'ok'> {
  readonly headers: {
    /** The values of a header, joined by ", "; null without one. */
    get(name: string): string | null;
  };
  /**
   * Decoded. Read it once or discard it: until then it keeps its connection and the process alive. Reading throws when the
   * connection is lost or the bytes are not in their encoding, and the signal's reason when it is aborted.
   */
  readonly body: Readable;
  /** Drops the body. The connection is reused if all of it has arrived. */
  discard(): void;
}

export function answerOf(message: IncomingMessage): Answer {
  const { statusCode: status = 0, statusMessage = '', headersDistinct } = message;
  const statusText = Buffer.from(statusMessage, 'latin1').toString();
  const get = (name: string) => headersDistinct[name.toLowerCase()]?.join(', ') ?? null;
  const body = decodedBody(message, get('content-encoding') ?? '');
  // Without a listener, an error before the body is read would end the process.
  body.on('error', () => {});
  if (WITHOUT_BODY.has(status)) body.resume();
  return {
    ...{ status, statusText, ok: status >= 200 && status < 300, headers: { get }, body },
    discard() {
      if (message.complete && body === message) body.resume();
      else body.destroy();
    },
  };
}
