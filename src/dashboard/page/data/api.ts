/** Requests to the server. */

import { type RowJson, toRow } from './row.ts';
import { type CatalogJson, type RowsQuery, rowsAddress, type SensorRows } from './series-json.ts';

const LONGEST_MS = 30_000;
const NEVER = new AbortController().signal;

interface RowsJson {
  readonly series: readonly (Omit<SensorRows, 'rows'> & { readonly rows: readonly RowJson[] })[];
}

/** A page of the list of series. @param after the `next` of the previous page @throws Error with a message for the user */
export function fetchCatalog(after?: string): Promise<CatalogJson> {
  const query = after === undefined ? '' : `?${new URLSearchParams({ after })}`;
  return getJson(`api/sensors${query}`);
}

/** The rows of each requested sensor that has any. @throws Error with a message for the user */
export async function fetchRows(query: RowsQuery, signal: AbortSignal): Promise<SensorRows[]> {
  const { series: found } = await getJson<RowsJson>(rowsAddress('api/stats', query), signal);
  return found.map((series) => ({ ...series, rows: series.rows.map(toRow) }));
}

/** Whether the server responds at all, with any status. */
export async function isServerUp(): Promise<boolean> {
  try {
    await fetch('healthz', { signal: AbortSignal.timeout(LONGEST_MS), cache: 'no-store' });
    return true;
  } catch {
    return false;
  }
}

/** An error response of the server, with its reason. */
export class Refusal extends Error {
  /** The HTTP status. */
  readonly status: number;
  readonly reason: string;

  constructor(status: number, reason: string) {
    super(`the server says: ${reason}`);
    this.status = status;
    this.reason = reason;
  }
}

/** The response, which is trusted to be of this type. @throws Error with a message for the user: Refusal for an error response */
export async function getJson<Answer>(address: string, signal = NEVER): Promise<Answer> {
  const response = await answer(address, { signal });
  if (!response.ok) throw new Refusal(response.status, await reason(response));
  return response.json();
}

/** Posts a request. @throws Error with a message for the user: Refusal for an error response */
export async function postJson<Answer>(
  address: string,
  body: unknown,
  token: string | undefined,
): Promise<Answer> {
  const authorization: Record<string, string> =
    token === undefined ? {} : { authorization: `Bearer ${token}` };
  const headers = { 'content-type': 'application/json', ...authorization };
  const request = { method: 'POST', headers, body: JSON.stringify(body), signal: NEVER };
  const response = await answer(address, request);
  if (!response.ok) throw new Refusal(response.status, await reason(response));
  return response.json();
}

type Request = RequestInit & { readonly signal: AbortSignal };

async function answer(address: string, { signal, ...request }: Request): Promise<Response> {
  try {
    const limit = AbortSignal.any([signal, AbortSignal.timeout(LONGEST_MS)]);
    return await fetch(address, { ...request, signal: limit });
  } catch (error) {
    // The browsers' messages differ and help nobody.
    throw new Error('the server does not answer', { cause: error });
  }
}

async function reason(response: Response): Promise<string> {
  try {
    const { error } = await response.json();
    return `${error}`;
  } catch {
    return `${response.status} ${response.statusText}`;
  }
}
