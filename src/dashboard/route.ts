/** Routes: functions that answer the requests for a path. */

import { refuseOthers } from './stats-query.ts';

/** A request that has passed the checks. */
export interface RoutedRequest {
  readonly request: Request;
  readonly parameters: URLSearchParams;
  /** Path parameters, decoded: `{run}` of `/api/runs/{run}`. */
  readonly parts: Readonly<Record<string, string>>;
  /** The client, for limits. */
  readonly client: string;
  /** The address that it comes from. */
  readonly address: string;
  /** Breaks the connection. */
  drop(): void;
}

export type Route = (request: RoutedRequest) => Response | Promise<Response>;

/** The methods of a path; HEAD is like GET. */
export type Methods = Readonly<Partial<Record<'GET' | 'POST', Route>>>;

const nothing: ReadonlySet<string> = new Set();

/** A route without query parameters. */
export function plain(answer: Route): Route {
  return (asked) => {
    refuseOthers(asked.parameters, nothing);
    return answer(asked);
  };
}
