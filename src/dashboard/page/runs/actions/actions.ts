/** The actions that the schedule can be asked for. */

import type { RetryRequestJson, RunRequestJson } from '../runs-json.ts';

export type Action =
  | { readonly verb: 'pause' | 'resume'; readonly job: string }
  | { readonly verb: 'run'; readonly job: string; readonly request: RunRequestJson }
  | { readonly verb: 'stop'; readonly run: number }
  | { readonly verb: 'retry'; readonly run: number; readonly request: RetryRequestJson };

/** The URL to post an action to. */
export function addressOf(action: Action): string {
  const { verb } = action;
  return 'run' in action
    ? `api/runs/${action.run}/${verb}`
    : `api/jobs/${encodeURIComponent(action.job)}/${verb}`;
}
