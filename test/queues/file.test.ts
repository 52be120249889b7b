import { join } from 'node:path';
import { privateFolder } from '../harness.ts';
import { queueContract } from './contract.ts';

queueContract('file', {
  address: async () => join(await privateFolder(), 'a.queue'),
  deadOf: (address) => `${address}#dead`,
});
