/** The contract of stores that support the removal of rows. */

import { describe, expect, it, onTestFinished } from 'vitest';
import { openStore } from '../../src/stores/open.ts';
import type { OpenedStore } from './contract.ts';
import { testSettings } from './reader-contract.ts';
import { hourly, statsRow } from './rows.ts';

export function removalContract(name: string, open: () => Promise<OpenedStore>): void {
  describe(`removal: ${name}`, () => {
    async function opened() {
      const { address, rows } = await open();
      const store = await openStore(address, testSettings);
      onTestFinished(() => store.close());
      const counts = async () => (await rows()).map(({ sensor, count }) => `${sensor} ${count}`);
      return { store, counts };
    }
    const [attic, cellar] = [statsRow(hourly('attic', 0, 59)), statsRow(hourly('cellar', 0, 59))];

    it('removes the rows with these keys, once', async () => {
      const { store, counts } = await opened();
      await store.upsert([attic, cellar], 'more');
      expect(await store.remove?.([attic])).toBe(1);
      expect(await store.remove?.([attic])).toBe(0);
      expect(await counts()).toEqual(['cellar 59']);
    });

    it('keeps a row that has come to count more readings since it was read', async () => {
      const { store, counts } = await opened();
      await store.upsert([attic, cellar], 'more');
      await store.upsert([statsRow(hourly('attic', 0, 60))], 'more');
      expect(await store.remove?.([attic, cellar])).toBe(1);
      expect(await counts()).toEqual(['attic 60']);
    });
  });
}
