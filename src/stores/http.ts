/**
 * A server that takes stats rows: one POST of CSV per batch, which it answers with 2xx when they are stored.
 *
 * A redirect is a refusal, since it asks to send the rows elsewhere.
 */

import { showAddress } from '../addresses/show.ts';
import { Failure, status } from '../failure.ts';
import { discardBody, parseEndpoint, readFirstLine, refusal, request } from '../http/request.ts';
import { formatStatsRows } from '../readings/stats-row.ts';
import type { OnConflict, Store, StoreSettings } from './store.ts';

export default function openHttp(address: string, { token, timeoutMs, signal }: StoreSettings): Store {
  const endpoint = parseEndpoint(address, token);
  const post = async (body: string, onConflict: OnConflict): Promise<void> => {
    const response = await request(
      { ...endpoint, url: target(endpoint.url, onConflict) },
      {
        method: 'POST',
        headers: { 'content-type': 'text/csv; charset=utf-8' },
        body,
        redirect: 'manual',
        timeoutMs,
        signal,
      },
    );
    if (!response.ok) throw refusal(endpoint, response, await explanation(response));
    await discardBody(response);
  };
  return {
    async upsert(rows, onConflict) {
      await post(formatStatsRows(rows), onConflict).catch((error) => {
        if (!signal.aborted) throw error;
        throw new Failure(status.temporary, `${endpoint.shown}: interrupted`, { cause: error });
      });
      return undefined;
    },
    async close() {},
  };
}

function target(url: URL, onConflict: OnConflict): URL {
  const to = new URL(url);
  if (onConflict !== 'more') to.searchParams.set('on-conflict', onConflict);
  return to;
}

async function explanation(response: Response): Promise<string> {
  const location = response.headers.get('location');
  return location === null ? readFirstLine(response) : `see ${showAddress(location)}`;
}
