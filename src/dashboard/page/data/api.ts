/** The server is asked. */

import { type RowJson, toRow } from './row.ts';
import { type CatalogJson, type Question, rowsAddress, type SensorRows } from './series-json.ts';

const LONGEST_MS = 30_000;

/** @throws Error with a message for people */
export function fetchCatalog(): Promise<CatalogJson> {
  return getJson('api/sensors', AbortSignal.timeout(LONGEST_MS));
}

/** @throws Error with a message for people */
export async function fetchRows(question: Question, signal: AbortSignal): Promise<SensorRows[]> {
  const answer: { series: (Omit<SensorRows, 'rows'> & { rows: RowJson[] })[] } = await getJson(
    rowsAddress('api/stats', question),
    signal,
  );
  return answer.series.map((series) => ({ ...series, rows: series.rows.map(toRow) }));
}

/** Whether the server answers at all, whatever it says. */
export async function isThere(): Promise<boolean> {
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
