/** Requests to the server. */

import { type RowJson, toRow } from './row.ts';
import { type CatalogJson, type RowsQuery, rowsAddress, type SensorRows } from './series-json.ts';

const LONGEST_MS = 30_000;

/** A page of the list of series. @param after the `next` of the page before @throws Error with a message for people */
export function fetchCatalog(after?: string): Promise<CatalogJson> {
  const query = after === undefined ? '' : `?${new URLSearchParams({ after })}`;
  return getJson(`api/sensors${query}`, AbortSignal.timeout(LONGEST_MS));
}

/** The rows of each asked sensor that has any. @throws Error with a message for people */
export async function fetchRows(query: RowsQuery, signal: AbortSignal): Promise<SensorRows[]> {
  const answer: { series: (Omit<SensorRows, 'rows'> & { rows: RowJson[] })[] } = await getJson(
    rowsAddress('api/stats', query),
    signal,
  );
  return answer.series.map((series) => ({ ...series, rows: series.rows.map(toRow) }));
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

async function getJson(address: string, signal: AbortSignal) {
  const response = await answer(address, signal);
  if (!response.ok) throw new Error(`the server says: ${await reason(response)}`);
  return response.json();
}

async function answer(address: string, signal: AbortSignal): Promise<Response> {
  try {
    return await fetch(address, { signal: AbortSignal.any([signal, AbortSignal.timeout(LONGEST_MS)]) });
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
