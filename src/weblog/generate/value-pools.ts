/**
 * Pools of values for generated requests. Faker fills them once: it is too slow to call for every line.
 *
 * All values are ASCII without quotes and backslashes, so that no format needs to escape them.
 */

import type { Faker } from '@faker-js/faker';

const SIZES = { addresses: 4096, paths: 1024, others: 1024, agents: 512 };

/** Path segments, as in other log generators. */
const FOLDERS = [
  'app',
  'blog',
  'categories',
  'category',
  'explore',
  'list',
  'main',
  'posts',
  'search',
  'tag',
  'tags',
  'wp-content',
];

/** The values; no pool is empty. */
export interface ValuePools {
  readonly addresses: readonly string[];
  readonly paths: readonly string[];
  /** `-` for none, then pages of other sites, then the site's own pages in the order of `paths`. */
  readonly referers: readonly string[];
  readonly agents: readonly string[];
}

/** Index of the first referer on another site. */
export const FIRST_OTHER_SITE = 1;
/** Index of the first referer on the own site. */
export const FIRST_OWN_PAGE = FIRST_OTHER_SITE + SIZES.others;

/** Fills the pools, reproducibly. @param ipv6 whether every other address is IPv6 */
export async function fillValuePools(seed: number, ipv6: boolean): Promise<ValuePools> {
  const { faker } = await import('@faker-js/faker/locale/en');
  faker.seed([seed >>> 0, Math.floor(seed / 2 ** 32)]);
  const paths = fill(SIZES.paths, () => pathOf(faker));
  const others = fill(SIZES.others, () => siteOf(faker) + pathOf(faker));
  const agents = fill(SIZES.agents, () => faker.internet.userAgent());
  const addresses = fill(SIZES.addresses, () => ipv4Of(faker));
  const site = siteOf(faker);
  return {
    addresses: ipv6 ? addresses.map((address, at) => (at % 2 === 0 ? address : ipv6Of(faker))) : addresses,
    paths,
    referers: ['-', ...others, ...paths.map((path) => site + path)],
    agents,
  };
}

function fill(size: number, invent: () => string): string[] {
  const plain = (): string => {
    const text = invent();
    return /^[\x21\x23-\x5b\x5d-\x7e][\x20\x21\x23-\x5b\x5d-\x7e]*$/.test(text) ? text : plain();
  };
  return Array.from({ length: size }, plain);
}

function siteOf(faker: Faker): string {
  return `${faker.helpers.arrayElement(['http', 'https'])}://www.${faker.internet.domainName()}`;
}

/** One to three folders, sometimes with a page or a query. */
function pathOf(faker: Faker): string {
  const folders = faker.helpers.multiple(() => faker.helpers.arrayElement(FOLDERS), {
    count: { min: 1, max: 3 },
  });
  const page = faker.helpers.arrayElement([
    () => '',
    () => '/',
    () => `/${faker.lorem.slug()}`,
    () => `/${faker.system.commonFileName('html')}`,
    () => `?q=${faker.lorem.word()}&page=${faker.number.int({ min: 1, max: 20 })}`,
  ]);
  return `/${folders.join('/')}${page()}`;
}

/** The result of `faker.internet.ipv4()` for the same random number, without parsing a network first: saves 18 ms. */
function ipv4Of(faker: Faker): string {
  const bits = faker.number.int(0xffffffff);
  return `${bits >>> 24}.${(bits >>> 16) & 255}.${(bits >>> 8) & 255}.${bits & 255}`;
}

/** An IPv6 address without leading zeros, as servers write it. */
function ipv6Of(faker: Faker): string {
  return faker.internet.ipv6().replace(/(^|:)0+(?=[\da-f])/g, '$1');
}
