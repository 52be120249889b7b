/** All items at once, for those who may use none before the last one has come. */

/** @throws what `items` throws */
export async function collect<Item>(items: AsyncIterable<Item>): Promise<Item[]> {
  const all: Item[] = [];
  for await (const item of items) all.push(item);
  return all;
}
