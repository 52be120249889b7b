/** A proxy between a lake and S3 that injects faults of networks and of S3. */

import { createServer, type IncomingMessage, request, type ServerResponse } from 'node:http';
import type { AddressInfo } from 'node:net';
import { onTestFinished } from 'vitest';

/** What happens to a request. */
export interface Fault {
  /** Responds instead of the server, which does not see the request. */
  answer?(response: ServerResponse): void;
  /** Changes the response. */
  change?(body: Buffer): Buffer;
  /** Cuts the response after this many bytes of its body; 0: before its first byte. */
  cutAt?: number;
}

/** @param faultOf the fault of a request, if any @returns the address of the proxy */
export async function faultyS3(
  endpoint: string,
  faultOf: (request: IncomingMessage) => Fault | undefined,
): Promise<string> {
  const server = createServer((incoming, response) => {
    const fault = faultOf(incoming) ?? {};
    if (fault.answer !== undefined) {
      incoming.resume();
      fault.answer(response);
      return;
    }
    const { hostname, port } = new URL(endpoint);
    const { method, url: path, headers } = incoming;
    const forwarded = request({ hostname, port, method, path, headers }, (answer) => {
      void pass(answer, response, fault);
    });
    forwarded.on('error', () => response.destroy());
    incoming.on('close', () => incoming.complete || forwarded.destroy());
    incoming.pipe(forwarded);
  });
  await new Promise<void>((resolve) => server.listen(0, '127.0.0.1', resolve));
  onTestFinished(() => {
    server.closeAllConnections();
    server.close();
  });
  return `http://127.0.0.1:${(server.address() as AddressInfo).port}`;
}

async function pass(answer: IncomingMessage, response: ServerResponse, fault: Fault): Promise<void> {
  const chunks: Buffer[] = [];
  for await (const chunk of answer) chunks.push(chunk);
  const body = Buffer.concat(chunks);
  if (fault.cutAt === 0) {
    response.destroy();
    return;
  }
  const sent = fault.change?.(body) ?? body;
  response.writeHead(answer.statusCode ?? 500, {
    ...answer.headers,
    'content-length': headLength(answer, sent),
  });
  if (fault.cutAt === undefined) response.end(sent);
  else response.write(sent.subarray(0, fault.cutAt), () => response.destroy());
}

/** A HEAD response has no body, but tells its length. */
function headLength(answer: IncomingMessage, sent: Buffer): string {
  return sent.length === 0 ? (answer.headers['content-length'] ?? '0') : String(sent.length);
}
