/** Serves the requests that people leave in the ledger for a schedule or a run-tasks. */

import type { Ledger } from './ledger.ts';
import { type Answer, answerRequest, hasRequests, type Request, takeRequests } from './requests.ts';

interface Answering {
  /** The lock of this run-tasks; undefined for the schedule. */
  readonly runner: string | undefined;
  /** Carries out a request. */
  answerTo(request: Request): Promise<Answer>;
}

/** Answers all new requests, one at a time. Cheap when there are none. @throws Failure */
export async function answerRequests(ledger: Ledger, { runner, answerTo }: Answering): Promise<void> {
  if (!(await ledger.read((file) => hasRequests(file, runner)))) return;
  for (const request of await ledger.write((file) => takeRequests(file, runner, ledger.now()))) {
    const answer = await answerTo(request);
    await ledger.write((file) => answerRequest(file, request.id, answer));
  }
}
