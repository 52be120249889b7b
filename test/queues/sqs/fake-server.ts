/** A fake SQS server that gives the responses of a test. */

import type { IncomingMessage, ServerResponse } from 'node:http';
import { json } from 'node:stream/consumers';
import { serve } from '../../http/server.ts';

// As in the bundle.
process.env.AWS_SDK_JS_NODE_VERSION_SUPPORT_WARNING_DISABLED = 'true';

/** A request, by action. */
export interface Asked {
  readonly action: string;
  readonly input: Record<string, unknown>;
}

/** An error, or no response at all. */
export type Trouble = { readonly status: number; readonly error: string } | 'silence' | 'hang up';

type Answer = object | Trouble;
type Answers = Readonly<Record<string, (input: never, nth: number) => Answer | Promise<Answer>>>;

/** @param answers by action, given the number of earlier requests for it @returns the address of its queue, and the requests */
export async function fakeSqs(answers: Answers, name = 'q') {
  const asked: Asked[] = [];
  const listener = async (request: IncomingMessage, response: ServerResponse) => {
    const action = String(request.headers['x-amz-target']).split('.').at(-1) ?? '';
    const input = (await json(request)) as Record<string, unknown>;
    const nth = asked.filter((each) => each.action === action).length;
    asked.push({ action, input });
    const answer = (await answers[action]?.(input as never, nth)) ?? {};
    if (answer === 'silence') return;
    if (answer === 'hang up') return void request.socket.destroy();
    const headers = { 'content-type': 'application/x-amz-json-1.0' };
    const { status = 200, error }: { readonly status?: number; readonly error?: string } = answer;
    const body = error === undefined ? answer : { __type: `com.amazonaws.sqs#${error}`, message: 'as told' };
    response.writeHead(status, headers).end(JSON.stringify(body));
  };
  const origin = await serve((request, response) => void listener(request, response));
  return { address: `${origin}/000000000000/${name}`, asked };
}
