/** Answers what people ask of a schedule, or of a run-tasks, through its ledger. */

import type { Ledger } from './ledger.ts';
import { type Answer, answerRequest, hasRequests, type Request, takeRequests } from './requests.ts';

interface Answering {
  /** The lock of the run-tasks that is asked; undefined for the schedule. */
  readonly runner: string | undefined;
  /** Does what is asked. */
  answerTo(request: Request): Promise<Answer>;
}

/** Has all answered that was asked since the last call, one after the other. Cheap when nothing was. @throws Failure */
export async function answerRequests(ledger: Ledger, { runner, answerTo }: Answering): Promise<void> {
  if (!(await ledger.read((file) => hasRequests(file, runner)))) return;
  for (const request of await ledger.write((file) => takeRequests(file, runner, ledger.now()))) {
    const answer = await answerTo(request);
    await ledger.write((file) => answerRequest(file, request.id, answer));
  }
}
