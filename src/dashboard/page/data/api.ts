/** Requests to the server. */

import { type RowJson, toRow } from './row.ts';
import { type CatalogJson, type RowsQuery, rowsAddress, type SensorRows } from './series-json.ts';

const LONGEST_MS = 30_000;
const NEVER = new AbortController().signal;

interface RowsJson {
  readonly series: readonly (Omit<SensorRows, 'rows'> & { readonly rows: readonly RowJson[] })[];
}

/** A page of the list of series. @param after the `next` of the page before @throws Error with a message for people */
export function fetchCatalog(after?: string): Promise<CatalogJson> {
  const query = after === undefined ? '' : `?${new URLSearchParams({ after })}`;
  return getJson(`api/sensors${query}`);
}

/** The rows of each asked sensor that has any. @throws Error with a message for people */
export async function fetchRows(query: RowsQuery, signal: AbortSignal): Promise<SensorRows[]> {
  const { series: found } = await getJson<RowsJson>(rowsAddress('api/stats', query), signal);
  return found.map((series) => ({ ...series, rows: series.rows.map(toRow) }));
}

/** Whether the server answers at all, whatever it says. */
export async function isServerUp(): Promise<boolean> {
  try {
    await fetch('healthz', { signal: AbortSignal.timeout(LONGEST_MS), cache: 'no-store' });
    return true;
  } catch {
    return false;
  }
}

/** What the server refused, with its words. */
export class Refusal extends Error {
  /** Of HTTP. */
  readonly status: number;
  readonly reason: string;

  constructor(status: number, reason: string) {
    super(`the server says: ${reason}`);
    this.status = status;
    this.reason = reason;
  }
}

/** What the server answers, which is taken for what it is said to be. @throws Error with a message for people: Refusal */
export async function getJson<Answer>(address: string, signal = NEVER): Promise<Answer> {
  const response = await answer(address, { signal });
  if (!response.ok) throw new Refusal(response.status, await reason(response));
  return response.json();
}

/** Asks the server to do something. @throws Error with a message for people: Refusal */
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
    // What browsers say of it differs and helps nobody.
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
