/**
 * What invented requests are made of, from faker: it is too slow to be asked for every line, so it fills pools once.
 *
 * All of it is ASCII without quotes and backslashes, which needs no escape in any format.
 */

import type { Faker } from '@faker-js/faker';

const SIZES = { addresses: 4096, paths: 1024, others: 1024, agents: 512 };

/** Words of the paths of many sites, as other generators of logs have them too. */
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

export interface Pools {
  readonly addresses: readonly string[];
  readonly paths: readonly string[];
  /** None; pages of other sites; then the own pages, in the order of the paths. */
  readonly referers: readonly string[];
  readonly agents: readonly string[];
}

/** Where the referers of other sites begin, and where the own ones do. */
export const OTHER_SITES = 1;
export const OWN_SITE = OTHER_SITES + SIZES.others;

/** The same seed makes the same pools. @param ipv6 whether every other address is one of IPv6 */
export async function fillPools(seed: number, ipv6: boolean): Promise<Pools> {
  const { faker } = await import('@faker-js/faker/locale/en');
  faker.seed([seed >>> 0, Math.floor(seed / 2 ** 32)]);
  const paths = fill(SIZES.paths, () => pathOf(faker));
  const others = fill(SIZES.others, () => siteOf(faker) + pathOf(faker));
  const agents = fill(SIZES.agents, () => faker.internet.userAgent());
  const addresses = fill(SIZES.addresses, () => faker.internet.ipv4());
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

/** One to three folders, and sometimes a page or what was searched for. */
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

/** As servers write it, without leading zeros. */
function ipv6Of(faker: Faker): string {
  return faker.internet.ipv6().replace(/(^|:)0+(?=[\da-f])/g, '$1');
}
