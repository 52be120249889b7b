/** A page in the system's Chromium, which records its requests and problems. */

import { existsSync } from 'node:fs';
import { type BrowserContextOptions, chromium, type Page } from 'playwright-core';
import { expect, onTestFinished } from 'vitest';
import { privateFolder } from '../harness.ts';

const PROGRAM = process.env.CHROMIUM ?? '/usr/bin/chromium';
/** Timeout for actions of the page, on a busy machine. */
const PATIENCE_MS = 120_000;
const SWITCHES = [
  ...['--headless', '--no-sandbox', '--disable-gpu', '--disable-quic', '--no-first-run'],
  ...['--disable-background-networking', '--disable-component-update', '--disable-sync'],
];

/** What is missing, as one line; undefined if the tests can run. In CI it must not be missing. */
export function missingBrowser(): string | undefined {
  if (existsSync(PROGRAM)) return undefined;
  const words = `no Chromium at ${PROGRAM} (apt install chromium, or CHROMIUM=/path)`;
  if (process.env.CI) throw new Error(words);
  return words;
}

export interface Opened {
  readonly page: Page;
  /** Requests to other hosts than the page's server. */
  readonly foreign: readonly string[];
  /** Errors reported by the page or the browser, including CSP violations. */
  readonly problems: readonly string[];
}

/** Opens a page in a new browser; it is closed after the test, which fails if there were any problems. */
export async function openPage(url: string, options: BrowserContextOptions = {}): Promise<Opened> {
  const context = await chromium.launchPersistentContext(await privateFolder(), {
    executablePath: PROGRAM,
    args: SWITCHES,
    viewport: { width: 1280, height: 860 },
    timezoneId: 'Europe/Berlin',
    acceptDownloads: true,
    ...options,
  });
  onTestFinished(() => context.close());
  context.setDefaultTimeout(PATIENCE_MS);
  const page = await context.newPage();
  const foreign: string[] = [];
  const problems: string[] = [];
  page.on('request', (request) => {
    const { origin, protocol } = new URL(request.url());
    if (protocol !== 'blob:' && origin !== new URL(url).origin) foreign.push(request.url());
  });
  page.on('pageerror', (error) => problems.push(`${error}`));
  page.on('dialog', (dialog) => {
    problems.push(`dialog: ${dialog.message()}`);
    void dialog.dismiss();
  });
  page.on('console', (message) => {
    // The page itself must report an unreachable server.
    if (message.type() === 'error' && !message.text().includes('net::ERR_')) problems.push(message.text());
  });
  await page.goto(url);
  return { page, foreign, problems };
}

export function expectInOrder({ foreign, problems }: Opened): void {
  expect(foreign).toEqual([]);
  expect(problems).toEqual([]);
}

/** For each of `count` vertical strips of the first chart, the mean number of pixels of this colour per pixel column. */
export function strips(page: Page, color: string, count: number): Promise<number[]> {
  return page.evaluate(STRIPS(color, count));
}

const STRIPS = (color: string, count: number) => `(() => {
  const canvas = document.querySelector('.chart canvas');
  const name = getComputedStyle(document.documentElement).getPropertyValue(${JSON.stringify(color)}).trim();
  const wanted = [1, 3, 5].map((at) => Number.parseInt(name.slice(at, at + 2), 16));
  const left = Math.round(66 * devicePixelRatio);
  const width = canvas.width - left - Math.round(20 * devicePixelRatio);
  const { data } = canvas.getContext('2d').getImageData(left, 0, width, canvas.height);
  const found = new Array(${count}).fill(0);
  for (let at = 0; at < data.length; at += 4) {
    const isIt = wanted.every((value, part) => Math.abs(data[at + part] - value) < 40);
    if (isIt) found[Math.floor(((at / 4) % width) / width * ${count})] += 1;
  }
  return found.map((pixels) => pixels / (width / ${count}));
})()`;
