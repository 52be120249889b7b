import { mkdirSync, readFileSync } from 'node:fs';
import { join } from 'node:path';
import type { Page } from 'playwright-core';
import { beforeEach, describe, expect, it } from 'vitest';
import { serving } from '../dashboard/serving.ts';
import { root, run, until } from '../harness.ts';
import { closedPort } from '../http/server.ts';
import { expectInOrder, missingBrowser, openPage, strips } from './browser.ts';

const MINUTE = 60_000;
const HOUR = 60 * MINUTE;
const HEADER = 'sensor,window,start,end,count,min,max,avg,missing,last';
/** The rows do not say their unit. */
const CELSIUS = ['--units', '*=°C'];
const missing = missingBrowser();

/** The hours up to the one that just ended, numbered backwards; some may be left out. */
function hours(sensor: string, numbers: readonly number[], lacking: readonly number[] = []): string[] {
  const last = Math.floor(Date.now() / HOUR) * HOUR;
  return numbers.map((number) => {
    const end = last - number * HOUR;
    const [count, lacks] = lacking.includes(number) ? [50, 10] : [60, 0];
    const value = 20 + (number % 5);
    return [sensor, '1h', iso(end - HOUR), iso(end), count, value - 1, value + 1, value, lacks, value].join();
  });
}

/** The rolling hour that ended so many minutes ago. */
function rollingHour(sensor: string, minutesAgo: number, value: number): string {
  const end = Date.now() - minutesAgo * MINUTE;
  return [sensor, 'all', iso(end - HOUR), iso(end), 60, value - 1, value + 1, value, 0, value + 0.25].join();
}

function iso(time: number): string {
  return `${new Date(time).toISOString().slice(0, 19)}Z`;
}

function text(rows: readonly string[]): string {
  return `${[HEADER, ...rows].join('\n')}\n`;
}

async function load(store: string, rows: readonly string[]): Promise<void> {
  expect(await run('load-stats', ['--to', store], { stdin: text(rows) })).toMatchObject({
    status: 0,
    stderr: '',
  });
}

/** A day of two sensors. */
const day = () => [...hours('attic', from(0, 23)), ...hours('cellar', from(0, 23))];

function from(first: number, last: number): number[] {
  return Array.from({ length: last - first + 1 }, (_, at) => first + at);
}

/** Waits for words in the first element of this selector. */
function shows(page: Page, selector: string, words: string | RegExp): Promise<void> {
  return expect
    .poll(() => page.locator(selector).first().textContent())
    .toMatch(words instanceof RegExp ? words : new RegExp(words.replace(/[.*+?()|[\]\\]/g, '\\$&')));
}

function label(page: Page, at = 0): Promise<string | null> {
  return page.locator('.chart').nth(at).getAttribute('aria-label');
}

function labelSays(page: Page, words: RegExp, at = 0): Promise<void> {
  return expect.poll(() => label(page, at)).toMatch(words);
}

// What was loaded is counted in hours up to now, so that none may end within a test.
beforeEach(() => until(() => Date.now() % HOUR < HOUR - 2 * MINUTE, 'the next hour'));

describe.skipIf(missing)(`the page of serve-stats${missing === undefined ? '' : `: ${missing}`}`, () => {
  it('shows what is loaded while it is open, without loading itself again', async () => {
    const { url, store } = await serving(CELSIUS);
    const opened = await openPage(url);
    const { page } = opened;
    await shows(page, '#empty', 'No rows yet');
    await shows(page, '#command', `load-stats --to ${url}api/stats`);
    await page.evaluate('window.isSamePage = true');

    await load(store, [rollingHour('attic', 30, 20), rollingHour('attic', 29, 20)]);
    await shows(page, '.value', '20.25°C');
    await shows(page, '.age', /^late: (28|29|30) min ago$/);
    await labelSays(page, /^attic: 2 rows/);
    expect(Math.max(...(await strips(page, '--line-1', 60)))).toBeGreaterThan(0);

    await load(store, [rollingHour('attic', 0, 21)]);
    await shows(page, '.value', '21.25°C');
    await shows(page, '.age', /^as of \d+ s ago$/);
    await labelSays(page, /^attic: 3 rows/);
    await page.getByText('Table', { exact: true }).click();
    await shows(page, '#rows tbody', /^(?:(?!20\.).)*22/s);
    expect(await page.locator('#rows tbody tr:not(.gap)').count()).toBe(3);
    await load(store, [rollingHour('attic', 0.5, 22)]);
    await expect.poll(() => page.locator('#rows tbody tr:not(.gap)').count()).toBe(4);
    expect(await page.evaluate('window.isSamePage')).toBe(true);
    expectInOrder(opened);
  });

  it('grows older by itself', async () => {
    const { url, store } = await serving();
    await load(store, [rollingHour('attic', 0, 20)]);
    const { page } = await openPage(url);
    await shows(page, '.age', /^as of \d+ s ago$/);
    const before = await page.locator('.age').textContent();
    await expect.poll(() => page.locator('.age').textContent()).not.toBe(before);
  });

  it('says when the server is gone, and goes on when it is back', async () => {
    // None that the system may give to somebody else meanwhile.
    const port = ['--port', String(await closedPort())];
    const first = await serving(port);
    await load(first.store, day());
    const opened = await openPage(`${first.url}#sensor=attic&window=1h&range=24h`);
    const { page } = opened;
    await shows(page, '#connection', 'live');
    await labelSays(page, /^attic: 24 rows/);
    first.child.kill('SIGKILL');
    await first.end;
    await shows(page, '#connection', /^disconnected since \d\d:\d\d:\d\d, trying again$/);
    expect(await page.locator('#connection').getAttribute('class')).toBe('lost');
    await load(first.store, hours('attic', [-1]));
    await serving(port, { store: first.store });
    await shows(page, '#connection', 'live');
    await labelSays(page, /^attic: 25 rows/);
    expectInOrder(opened);
  });

  it('takes a hostile sensor name for text', async () => {
    const served = await serving();
    const names = ['<script>alert(1)</script>', '<img src=x onerror=alert(2)>', `javascript:alert('3')"`];
    const rows = names.flatMap((name) => hours(`"${name.replaceAll('"', '""')}"`, from(0, 5)));
    expect((await served.post(text(rows))).status).toBe(200);
    const opened = await openPage(`${served.url}#layout=together`);
    const { page } = opened;
    for (const name of names) await page.locator('.about').getByText(name, { exact: true }).waitFor();
    const box = await chartBox(page);
    await page.mouse.move(box.x + box.width - 60, box.y + 80);
    await shows(page, '.tip', names[0] ?? '');
    await page.getByText('Table', { exact: true }).click();
    await shows(page, '#rows', names[1] ?? '');
    await page.locator('#sensor').selectOption(names[0] ?? '');
    await expect.poll(() => page.title()).toContain(names[0]);
    await page.goto(`${served.url}#sensor=${encodeURIComponent('<script>alert(4)</script>')}`);
    await page.reload();
    await shows(page, '.panel', '<script>alert(4)</script>');
    expect(await page.locator('main script, main img').count()).toBe(0);
    expectInOrder(opened);
  });

  it('draws gaps as gaps, and marks hours with missing readings', async () => {
    const { url, store } = await serving();
    await load(store, hours('attic', [...from(0, 5), ...from(12, 23)], [2]));
    const opened = await openPage(`${url}#range=24h`);
    const { page } = opened;
    await labelSays(page, /^attic: 18 rows/);
    await shows(page, '#legend', 'readings missing');
    await shows(page, '.totals', 'incomplete1');
    const line = await strips(page, '--line-1', 24);
    // The newest strip is the hour that goes on, the next six have rows; then six are missing. Edges are not looked at.
    expect(line.slice(13, 16)).toEqual([0, 0, 0]);
    for (const at of [2, 4, 8, 19, 21]) expect(line[at]).toBeGreaterThan(0.5);
    const marks = await strips(page, '--missing', 24);
    expect(marks.filter((amount) => amount > 1).length).toBeGreaterThanOrEqual(1);
    expect(marks.filter((amount) => amount > 0).length).toBeLessThanOrEqual(2);
    await page.keyboard.press('t');
    await shows(page, '#rows tr.gap', 'no rows for 6 h');
    await shows(page, '#rows td.some', '10');
    expectInOrder(opened);
  });

  it('converts temperatures, and shows times in another zone', async () => {
    const { url, store } = await serving(CELSIUS);
    await load(store, hours('attic', from(0, 23)));
    const opened = await openPage(`${url}#show=table`);
    const { page } = opened;
    const row = page.locator('#rows tbody tr').first();
    await shows(page, '#rows tbody tr', /19.*20.*21/);
    const local = await row.locator('td').nth(1).textContent();
    await page.getByText('°F').click();
    await shows(page, '#rows tbody tr', /66.*68.*70/);
    await page.getByText('UTC').click();
    await expect.poll(() => row.locator('td').nth(1).textContent()).not.toBe(local);
    await shows(
      page,
      '#rows tbody tr',
      iso(Math.floor(Date.now() / HOUR) * HOUR)
        .slice(0, 16)
        .replace('T', ' '),
    );
    await page.reload();
    await shows(page, '#rows tbody tr', /66.*68.*70/);
    expectInOrder(opened);
  });

  it('zooms, moves, and goes back; a reload keeps what was looked at', async () => {
    const { url, store } = await serving();
    await load(store, day());
    const opened = await openPage(`${url}#sensor=attic`);
    const { page } = opened;
    await labelSays(page, /^attic: 24 rows/);
    const box = await chartBox(page);
    await page.mouse.move(box.x + 200, box.y + 100);
    await page.mouse.down();
    await page.mouse.move(box.x + 400, box.y + 100, { steps: 5 });
    await page.mouse.up();
    await labelSays(page, /^attic: [67] rows/);
    await expect.poll(() => page.url()).toMatch(/from=.*to=/);
    const zoomed = page.url();
    await load(store, hours('attic', [-1]));
    await page.reload();
    await labelSays(page, /^attic: [67] rows/);
    expect(page.url()).toBe(zoomed);
    await page.mouse.move(box.x + 300, box.y + 100);
    for (const _ of from(1, 3)) await page.mouse.wheel(0, 120);
    await labelSays(page, /^attic: (?:[89]|1\d) rows/);
    await page.mouse.dblclick(box.x + 300, box.y + 100);
    await labelSays(page, /^attic: 25 rows/);
    await expect.poll(() => page.url()).not.toMatch(/from=/);
    expectInOrder(opened);
  });

  it('zooms and moves with two fingers, and shows the numbers under one', async () => {
    const { url, store } = await serving();
    await load(store, day());
    const opened = await openPage(`${url}#sensor=attic`, {
      viewport: { width: 390, height: 844 },
      hasTouch: true,
    });
    const { page } = opened;
    await labelSays(page, /^attic: 24 rows/);
    const { x, y, width } = await chartBox(page);
    const touch = await page.context().newCDPSession(page);
    const fingers = (type: 'touchStart' | 'touchMove' | 'touchEnd', ...places: number[]) =>
      touch.send('Input.dispatchTouchEvent', {
        type,
        touchPoints: places.map((place, id) => ({ id, x: x + place * width, y: y + 60 })),
      });
    await fingers('touchStart', 0.3);
    await shows(page, '.tip', 'average');
    await fingers('touchEnd');
    await fingers('touchStart', 0.4, 0.6);
    await fingers('touchMove', 0.3, 0.7);
    await fingers('touchMove', 0.1, 0.9);
    await fingers('touchEnd');
    await labelSays(page, /^attic: [67] rows/);
    expectInOrder(opened);
  });

  it('can be used with the keyboard alone', async () => {
    const { url, store } = await serving(CELSIUS);
    await load(store, day());
    const opened = await openPage(url);
    const { page } = opened;
    await labelSays(page, /^attic: 24 rows/);
    await page.keyboard.press(']');
    await expect.poll(() => page.title()).toContain('attic');
    await page.goBack();
    await expect.poll(() => page.title()).not.toContain('attic');
    await page.locator('.chart').nth(1).focus();
    await page.keyboard.press('End');
    await shows(page, '#spoken', /^cellar, .*\(1 h\), minimum 19 °C, average 20 °C/);
    await page.keyboard.press('ArrowLeft');
    await shows(page, '#spoken', /average 21 °C/);
    expect(await page.locator('.tip:visible').textContent()).toContain('21 °C');
    await page.keyboard.press('u');
    await labelSays(page, /°F/, 1);
    await page.keyboard.press('Home');
    await shows(page, '#spoken', /average \d+ °F/);
    await page.keyboard.press('+');
    await expect.poll(() => page.url()).toMatch(/from=/);
    await page.keyboard.press('Shift+ArrowLeft');
    await page.keyboard.press('0');
    await expect.poll(() => page.url()).not.toMatch(/from=/);
    await page.keyboard.press('?');
    await page.locator('#help').getByText('the next window').waitFor();
    await page.locator('#keys').uncheck();
    await page.keyboard.press('Escape');
    await page.keyboard.press('t');
    expect(await page.locator('#rows').isVisible()).toBe(false);
    expectInOrder(opened);
  });

  it('shows and hides lines by the legend, which its address remembers', async () => {
    const { url, store } = await serving(CELSIUS);
    await load(store, day());
    const opened = await openPage(`${url}#layout=together`);
    const { page } = opened;
    await labelSays(page, /^attic: 24 rows, 19 °C to 25 °C; cellar: 24 rows/);
    const cellar = page.locator('.lines').getByRole('button', { name: 'cellar' });
    await cellar.focus();
    await page.keyboard.press('Enter');
    await labelSays(page, /cellar: 0 rows/);
    expect(await cellar.getAttribute('aria-pressed')).toBe('false');
    await expect.poll(() => page.url()).toMatch(/hide=cellar/);
    await page.reload();
    await labelSays(page, /attic: 24 rows.*cellar: 0 rows/);
    await cellar.click({ modifiers: ['Control'] });
    await labelSays(page, /attic: 0 rows.*cellar: 24 rows/);
    await cellar.click({ modifiers: ['Control'] });
    await labelSays(page, /attic: 24 rows.*cellar: 24 rows/);
    await page.getByRole('button', { name: 'min to max' }).click();
    await expect.poll(() => page.url()).toMatch(/without=band/);
    expectInOrder(opened);
  });

  it('draws limits, and says in words what is beyond them', async () => {
    const { url, store } = await serving([...CELSIUS, '--max', 'attic=23.5', '--min', '-90']);
    await load(store, day());
    const opened = await openPage(`${url}#window=1h`);
    const { page } = opened;
    // Hours have a maximum of 21 to 25: two in five are above.
    await labelSays(page, /^attic: 24 rows, 19 °C to 25 °C, (?:9|10) beyond the limits/);
    await labelSays(page, /^cellar: 24 rows, 19 °C to 25 °C; /, 1);
    await shows(page, '.totals', 'limits−90 to 23.5 °C');
    await shows(page, '#legend', 'limits');
    const red = async () => Math.max(...(await strips(page, '--limit', 10)));
    expect(await red()).toBeGreaterThan(0.3);
    await page.getByRole('button', { name: 'limits' }).click();
    await expect.poll(red).toBeLessThan(0.1);
    await page.keyboard.press('t');
    await page.locator('#rows td.some').first().waitFor();
    expectInOrder(opened);
  });

  it('shows two units on two axes, and more in a chart for each; no °F without °C', async () => {
    const { url, store } = await serving(['--units', 'humidity=%,bytes=B']);
    await load(store, [...hours('humidity', from(0, 23)), ...hours('bytes', from(0, 23))]);
    const opened = await openPage(`${url}#layout=together`);
    const { page } = opened;
    await labelSays(page, /bytes: 24 rows, 19 B to 25 B; humidity: 24 rows, 19 % to 25 %/);
    expect(await page.locator('#units').isVisible()).toBe(false);
    await load(store, hours('attic', from(0, 23)));
    await labelSays(page, /^attic: 24 rows, 19 to 25; /);
    expect(await page.locator('.chart').count()).toBe(3);
    expectInOrder(opened);
  });

  it('takes a stretch of time from fields, and the window that fits it', async () => {
    const { url, store } = await serving();
    const noon = Math.floor(Date.now() / (24 * HOUR)) * 24 * HOUR;
    const days = from(0, 500).map((number) => {
      const end = noon - number * 24 * HOUR;
      return ['attic', '1d', iso(end - 24 * HOUR), iso(end), 60, 19, 21, 20, 0, 20].join();
    });
    await load(store, [...hours('attic', from(0, 1999)), ...days]);
    const opened = await openPage(`${url}#range=1y`);
    const { page } = opened;
    await labelSays(page, /^attic: 36[45] rows/);
    await shows(page, '#thinned', 'Days');
    await page.keyboard.press('f');
    await page.locator('#times-from').fill('2001-01-02T00:00:00');
    await page.locator('#times-to').fill('2001-01-01T00:00:00');
    const isValid = () => page.evaluate('document.querySelector("#times-from").validationMessage');
    await page.keyboard.press('Enter');
    expect(await isValid()).toBe('This must be before the second time.');
    await page.locator('#times-from').fill(iso(noon - 48 * HOUR).slice(0, 19));
    await page.locator('#times-to').fill(iso(noon - 24 * HOUR).slice(0, 19));
    expect(await isValid()).toBe('');
    await page.locator('#times-form button').click();
    await labelSays(page, /^attic: 2[45] rows/);
    await shows(page, '#thinned', 'Clock hours');
    await expect.poll(() => page.url()).toMatch(/from=/);
    await page.goto(`${url}#from=0001-01-01&to=9999-12-31T23:59:59Z`);
    await page.reload();
    await labelSays(page, /^attic: \d+ rows/);
    await page.goto(`${url}#from=9000-01-01&to=9000-01-02`);
    await page.reload();
    await shows(page, '.note:visible', 'No rows in this period');
    expectInOrder(opened);
  });

  it('hands out the rows as CSV, and the charts as PNG even without the server', async () => {
    const served = await serving();
    await load(served.store, day());
    const opened = await openPage(`${served.url}#range=all`);
    const { page } = opened;
    await labelSays(page, /^attic: 24 rows/);
    const csv = await downloaded(page, '#csv');
    expect(csv.name).toBe('stats.csv');
    const lines = csv.bytes.toString().trimEnd().split('\n');
    expect(lines[0]).toMatch(/^sensor,window,start,end,count,min,max,avg/);
    expect(lines).toHaveLength(49);
    const again = await run('load-stats', ['--to', served.store, '-v'], { stdin: csv.bytes });
    expect(again.stderr).toContain('0 inserted');
    served.child.kill('SIGKILL');
    await served.end;
    const png = await downloaded(page, '#png');
    expect(png.name).toBe('2-sensors-1h.png');
    expect(png.bytes.subarray(1, 4).toString()).toBe('PNG');
    expect(png.bytes.readUInt32BE(16)).toBeGreaterThan(800);
    expectInOrder(opened);
  });

  it('stays usable with very many sensors', async () => {
    const served = await serving();
    const rows = from(1, 150).flatMap((number) => hours(`station ${number}`, from(0, 3)));
    expect((await served.post(text(rows))).status).toBe(200);
    const opened = await openPage(served.url);
    const { page } = opened;
    await labelSays(page, /: 4 rows/);
    expect(await page.locator('.chart canvas').count()).toBeLessThan(20);
    await page.locator('#filter').fill('n 15');
    await expect.poll(() => page.locator('.panel').count()).toBe(2);
    await page.locator('#filter').fill('');
    await page.getByText('Together', { exact: true }).click();
    await shows(page, '#thinned', 'the first 12 of 150 sensors');
    expectInOrder(opened);
  });

  it.each([
    ['wide', { width: 1280, height: 860 }],
    ['narrow', { width: 390, height: 844 }],
  ])('fits a %s screen, light and dark', async (name, viewport) => {
    const { url, store } = await serving();
    const rows = [...hours('attic', from(0, 23), [7]), ...hours('cellar', [...from(0, 8), ...from(12, 23)])];
    await load(store, [...rows, rollingHour('attic', 0, 20), rollingHour('cellar', 200, 12)]);
    const folder = join(root, 'bench', 'page');
    mkdirSync(folder, { recursive: true });
    for (const colorScheme of ['light', 'dark'] as const) {
      const opened = await openPage(url, { viewport, colorScheme });
      await labelSays(opened.page, /^cellar: 21 rows/, 1);
      const path = join(folder, `${name}-${colorScheme}.png`);
      await opened.page.screenshot({ path, fullPage: true });
      expect(await opened.page.evaluate('document.documentElement.scrollWidth')).toBe(viewport.width);
      expect(await opened.page.evaluate('document.documentElement.dataset.theme')).toBe(colorScheme);
      expectInOrder(opened);
    }
  });
});

async function chartBox(page: Page): Promise<{ x: number; y: number; width: number }> {
  const box = await page.locator('.chart .u-over').first().boundingBox();
  if (box === null) throw new Error('there is no chart');
  return box;
}

async function downloaded(page: Page, selector: string): Promise<{ name: string; bytes: Buffer }> {
  const [download] = await Promise.all([page.waitForEvent('download'), page.locator(selector).click()]);
  return { name: download.suggestedFilename(), bytes: readFileSync(await download.path()) };
}
