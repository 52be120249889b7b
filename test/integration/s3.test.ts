/** S3 as a lake, on a real server. */

import { describe } from 'vitest';
import type { LakeSettings } from '../../src/lakes/lake.ts';
import { lakeContract } from '../lakes/contract.ts';
import { hasS3, s3Server } from './s3-server.ts';

describe.runIf(hasS3())('S3', () => {
  const server = s3Server();

  /** Its variables, which are known only when it runs. */
  const env: LakeSettings['env'] = new Proxy({}, { get: (_, name) => server.env()[String(name)] });

  lakeContract(async () => {
    const { name, names } = server.newBucket();
    return {
      address: `s3://${name}/a/`,
      names: () => names().map((path) => path.replace(/^a\//, '')),
    };
  }, env);
});
