/** Finds an emulator of BigQuery. */

import { showAddress } from '../../addresses/show.ts';
import { Failure, status } from '../../failure.ts';

/** The URL from $BIGQUERY_EMULATOR_HOST; undefined if unset. @throws Failure (configuration) */
export function emulatorUrl(env: Readonly<Record<string, string | undefined>>): string | undefined {
  const { BIGQUERY_EMULATOR_HOST: host } = env;
  if (!host) return undefined;
  const url = host.replace(/^(?!https?:\/\/)/, 'http://').replace(/\/$/, '');
  if (URL.canParse(url)) return url;
  throw new Failure(status.config, `BIGQUERY_EMULATOR_HOST: not a host: ${showAddress(host)}`);
}
