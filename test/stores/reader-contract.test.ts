import { join } from 'node:path';
import { privateFolder } from '../harness.ts';
import { readerContract } from './reader-contract.ts';

readerContract('sqlite', async () => join(await privateFolder(), 'stats.db'));
readerContract('csv', async () => join(await privateFolder(), 'stats.csv'));
