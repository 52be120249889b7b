import { onTestFinished } from 'vitest';
import { answerRequests } from '../../src/ledger/answer-requests.ts';
import type { Ledger } from '../../src/ledger/ledger.ts';
import type { Answer, Request } from '../../src/ledger/requests.ts';
import { lockSchedule } from '../../src/ledger/schedule-lock.ts';
import { NOON } from './invented.ts';

/** Acts as a schedule that gives every request this answer. @returns the requests */
export async function answering(path: string, ledger: Ledger, status: number, text: string) {
  const lock = await lockSchedule(path, NOON);
  onTestFinished(() => lock.close());
  return answeringAs(undefined, ledger, { status, text });
}

/** @param runner the lock of a run-tasks; undefined for a schedule */
export function answeringAs(runner: string | undefined, ledger: Ledger, answer: Answer): readonly Request[] {
  const asked: Request[] = [];
  const answerTo = async (request: Request) => {
    asked.push(request);
    return answer;
  };
  const timer = setInterval(() => void answerRequests(ledger, { runner, answerTo }), 10);
  onTestFinished(() => clearInterval(timer));
  return asked;
}
