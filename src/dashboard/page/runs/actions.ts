/** What can be asked of the schedule, and the buttons for it. */

import { postJson, Refusal } from '../data/api.ts';
import type { ActionJson, JobJson, RetryRequestJson, RunJson, RunRequestJson } from './runs-json.ts';

export type Action =
  | { readonly verb: 'pause' | 'resume'; readonly job: string }
  | { readonly verb: 'run'; readonly job: string; readonly request: RunRequestJson }
  | { readonly verb: 'stop'; readonly run: number }
  | { readonly verb: 'retry'; readonly run: number; readonly request: RetryRequestJson };

/** Sends an action. @param token that posts need; undefined for none @throws Error with a message for people: Refusal */
export function send(action: Action, token: string | undefined): Promise<ActionJson> {
  const body = 'request' in action ? action.request : {};
  return postJson(addressOf(action), body, token);
}

function addressOf(action: Action): string {
  const { verb } = action;
  return 'run' in action
    ? `api/runs/${action.run}/${verb}`
    : `api/jobs/${encodeURIComponent(action.job)}/${verb}`;
}

/** Whether the server wants a token, or another one. */
export function needsToken(error: unknown): boolean {
  return error instanceof Refusal && error.status === 401;
}

/** What is to be said of an action that was not done. */
export function refusalText(error: unknown): string {
  if (error instanceof Refusal) return error.reason;
  return error instanceof Error ? error.message : `${error}`;
}

/** Why a job can be asked for nothing; undefined when it can. */
export function jobRefusal(job: JobJson, isLive: boolean): string | undefined {
  if (!isLive) return 'no schedule runs with this ledger';
  return job.gone === null ? undefined : 'no schedule has this job any more';
}

/** Why a run cannot be stopped; undefined when it can. */
export function stopRefusal({ state }: Pick<RunJson, 'state'>, isLive: boolean): string | undefined {
  if (!isLive) return 'no schedule runs with this ledger';
  const isUnderWay = state === 'running' || state === 'queued' || state === 'up_for_retry';
  return isUnderWay ? undefined : 'it has ended';
}

/** Why a run, or a task of it, cannot be tried again; undefined when it can. */
export function retryRefusal(state: string, isLive: boolean): string | undefined {
  if (!isLive) return 'no schedule runs with this ledger';
  return state === 'failed' || state === 'upstream_failed' ? undefined : 'only what failed is tried again';
}

/** Shows whether a button can be used: one that cannot says why, to those who point at it and those who hear it. */
export function setRefusal(button: HTMLButtonElement, refusal: string | undefined, title = ''): void {
  const told = refusal ?? title;
  if (button.title !== told) button.title = told;
  button.setAttribute('aria-disabled', String(refusal !== undefined));
}

/** Calls back when a button is used that can be used. */
export function onUse(button: HTMLButtonElement, used: () => void): void {
  button.addEventListener('click', () => {
    if (button.getAttribute('aria-disabled') !== 'true') used();
  });
}
