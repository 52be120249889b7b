import type { Page } from 'playwright-core';
import { describe, expect, it } from 'vitest';
import { expectInOrder, missingBrowser, openPage } from './browser.ts';
import { lastRunIs, liveRuns, says } from './live-runs.ts';

const missing = missingBrowser();
/** Far from now. */
const NEVER = '0 0 29 2 *';
/** Three tasks: one waits for a file, one fails, one comes in any case. */
const FLOW = `
dag: flow
tasks:
  extract: {run: 'echo one; until [ -e go ]; do sleep 0.05; done; echo two'}
  load: {needs: [extract], run: 'echo "no such table" >&2; exit 7'}
  report: {needs: [load], trigger-rule: all_done, run: 'true'}
  split: {needs: [extract], each: [a, b, c], run: 'echo "item $ETL_ITEM"'}
`;

/** Runs the job that is looked at, without further words. */
async function runNow(page: Page): Promise<void> {
  await page.getByRole('button', { name: 'Run now', exact: true }).click();
  await page.locator('#run-dialog').getByRole('button', { name: 'Run now' }).click();
}

/** Looks at something else, as the browser's address bar does it. */
function look(page: Page, hash: string): Promise<void> {
  return page.evaluate(`location.hash = ${JSON.stringify(hash)}`);
}

/** The words of all elements of a selector. */
function words(page: Page, selector: string): Promise<string[]> {
  return page.locator(selector).allTextContents();
}

/** Waits until this is what a try has printed. */
function printed(page: Page, lines: readonly string[]): Promise<void> {
  const shown = async () => (await words(page, '.log-lines .out .text')).map((line) => line.trimEnd());
  return expect.poll(shown).toEqual(lines);
}

function node(page: Page, task: string, state: string) {
  return page.locator(`.task-graph .node.state-${state}`, { hasText: task });
}

describe.skipIf(missing)(`views of a job${missing === undefined ? '' : `: ${missing}`}`, () => {
  it('show a graph whose states change, a log that grows, and what came of it', async () => {
    const live = await liveRuns('', { 'flow.yaml': FLOW });
    const opened = await openPage(live.url('#job=flow&view=graph'));
    const { page } = opened;
    await runNow(page);
    await node(page, 'extract', 'running').waitFor();
    expect(await words(page, '.task-graph .rule')).toEqual(['all_done']);
    await node(page, 'extract', 'running').click();
    await says(page, '.task-panel .facts', 'running');
    await page.locator('.task-panel').getByRole('button', { name: 'Log' }).click();
    await printed(page, ['one']);
    await live.touch('go');
    await printed(page, ['one', 'two']);
    await says(page, '.log-note', / bytes; ended$/);
    await lastRunIs(live, 'flow', 'failed');

    await look(page, '#job=flow&view=graph');
    await node(page, 'load', 'failed').waitFor();
    await says(page, '.task-graph .state-failed .words', 'exit 7');
    await node(page, 'report', 'success').waitFor();
    await says(page, '.task-graph .node:has(.behind) .words', /^3 of 3, /);

    await look(page, '#job=flow&view=grid');
    await page.locator('.task-grid td.cell').nth(3).waitFor();
    expect((await words(page, '.task-grid td.cell')).join('')).toBe('SFSS');
    await page.locator('.task-grid td.cell.state-failed').hover();
    await says(page, '#tip', /load, run 1.*failed.*status7/s);
    await page.locator('.task-grid td.cell.state-failed').click();
    await says(page, '.log-lines .error', 'no such table');

    await look(page, '#job=flow&view=gantt');
    await says(page, '.critical-words', /^Critical path: extract → (load → report|split)\./);
    await expect.poll(() => words(page, '.gantt-chart .row .task-name')).toHaveLength(4);
    await look(page, '#job=flow&view=durations');
    await says(page, '.duration-list tbody', 'extract');
    await page.locator('.run-chart canvas').first().waitFor();
    expectInOrder(opened);
  });

  it('show items of a task that is split, each with its log', async () => {
    const live = await liveRuns('', { 'flow.yaml': FLOW });
    await live.touch('go');
    const opened = await openPage(live.url('#job=flow&view=graph&task=split'));
    const { page } = opened;
    await runNow(page);
    await expect.poll(() => words(page, '.task-panel .items li')).toHaveLength(3);
    await page.locator('.task-panel .items li').nth(1).getByRole('button').click();
    await printed(page, ['item b']);
    await page.getByLabel('Item', { exact: true }).selectOption('split[2]');
    await printed(page, ['item c']);
    expectInOrder(opened);
  });

  it('take what a log and a name say for text', async () => {
    const name = '<img src=x onerror=alert(1)>';
    const log = `printf '<script>alert(2)</script> \\033[31;1mred\\033[0m\\033]0;title\\007 \\000 &lt;\\n'; false`;
    const live = await liveRuns(`#: name='${name}'\n${NEVER} ${log.replaceAll('%', '\\%')}\n`);
    const opened = await openPage(live.url(`#${new URLSearchParams({ job: name, view: 'log' })}`));
    const { page } = opened;
    await runNow(page);
    await says(page, '.log-lines', '<script>alert(2)</script> red  &lt;');
    expect(await page.locator('.log-lines .ansi-red.ansi-bold').textContent()).toBe('red');
    for (const view of ['grid', 'graph', 'gantt', 'durations']) {
      await look(page, `#${new URLSearchParams({ job: name, view })}`);
      await page
        .locator(VIEW[view] ?? '')
        .first()
        .waitFor();
    }
    expect(await page.locator('#job img, #job script').count()).toBe(0);
    expectInOrder(opened);
  });

  it('show the end of a large log, and what is before on request', async () => {
    const lines = 'seq -f "row %.0f of many, which is a line of some length" 60000';
    const live = await liveRuns(
      `#: name=large\n${NEVER} ${lines.replaceAll('%', '\\%')}; echo fatal: it is over; echo done\n`,
    );
    const opened = await openPage(live.url('#job=large&view=log'));
    const { page } = opened;
    await runNow(page);
    await lastRunIs(live, 'large', 'success');
    await page.reload();
    await says(page, '.log-lines .line.out:nth-last-child(1 of .out)', 'done');
    const first = () => page.locator('.log-lines .line').first().textContent();
    const before = await first();
    await page.getByLabel('Search in the log').fill('row 5999');
    await says(page, '.matches', '10 of 10');
    await page.getByLabel('Search in the log').press('Enter');
    await says(page, '.matches', '9 of 10');
    expect(await words(page, 'mark.current')).toEqual(['row 5999']);
    await page.getByRole('button', { name: 'Error' }).click();
    await says(page, '.line.revealed', 'fatal: it is over');

    await page.getByRole('button', { name: 'Earlier lines' }).click();
    await expect.poll(first).not.toBe(before);
    await page.getByRole('button', { name: 'Earlier lines' }).click();
    await page.getByRole('button', { name: 'To the end' }).waitFor();
    expect(await page.locator('.log-lines .line').count()).toBeLessThan(20_000);
    await page.getByRole('button', { name: 'To the end' }).click();
    await says(page, '.log-lines .line.out:nth-last-child(1 of .out)', 'done');
    expectInOrder(opened);
  });

  it('can be used with keys alone, and on a narrow screen', async () => {
    const live = await liveRuns('', { 'flow.yaml': FLOW });
    await live.touch('go');
    const opened = await openPage(live.url('#job=flow&view=grid'), { viewport: { width: 390, height: 800 } });
    const { page } = opened;
    await runNow(page);
    await lastRunIs(live, 'flow', 'failed');
    await page.locator('.task-grid td.cell.state-failed').waitFor();
    await page.locator('.task-grid td[tabindex="0"]').focus();
    for (const key of ['ArrowDown', 'ArrowDown']) await page.keyboard.press(key);
    expect(await page.evaluate('document.activeElement.getAttribute("aria-label")')).toMatch(
      /^load, run 1, failed/,
    );
    await page.keyboard.press('Enter');
    await says(page, '.log-lines', 'no such table');
    await look(page, '#job=flow&view=graph');
    await page.locator('.task-graph .node[tabindex="0"]').focus();
    await page.keyboard.press('Home');
    await page.keyboard.press('ArrowRight');
    expect(await page.evaluate('document.activeElement.getAttribute("aria-label")')).toMatch(
      /, needs extract$/,
    );
    await page.keyboard.press('Enter');
    await page.locator('.task-panel').waitFor();
    for (const view of Object.keys(VIEW)) {
      await look(page, `#job=flow&view=${view}`);
      await page
        .locator(VIEW[view] ?? '')
        .first()
        .waitFor();
      expect(await page.evaluate('document.documentElement.scrollWidth')).toBeLessThanOrEqual(390);
    }
    expectInOrder(opened);
  });
});

/** What there is of each view when it is there. */
const VIEW: Readonly<Record<string, string>> = {
  grid: '.task-grid td.cell',
  graph: '.task-graph .node',
  gantt: '.gantt-chart .row',
  durations: '.run-chart canvas',
  log: '.log-box',
};
