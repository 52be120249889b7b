import { appendFileSync, readdirSync, truncateSync } from 'node:fs';
import { join } from 'node:path';
import { DatabaseSync } from '@photostructure/sqlite';
import type { Page } from 'playwright-core';
import { describe, expect, it } from 'vitest';
import { expectInOrder, missingBrowser, openPage } from './browser.ts';
import { lastRunIs, liveRuns, says } from './live-runs.ts';

const missing = missingBrowser();
/** A graph with a variable of two lines, which writes one line, and then waits for a file. */
const FLOW = `
dag: flow
env: {NOTE: "one\\ntwo"}
tasks:
  note: {run: 'echo "$NOTE" > note; echo begun; until [ -e go ]; do sleep 0.05; done; echo ended'}
`;

async function runNow(page: Page): Promise<void> {
  await page.getByRole('button', { name: 'Run now', exact: true }).click();
  await page.locator('#run-dialog').getByRole('button', { name: 'Run now' }).click();
}

/** Has the page look as in a tab that is not in front, or is again. */
function turn(page: Page, isHidden: boolean): Promise<void> {
  return page.evaluate(`
    Object.defineProperty(document, 'hidden', { get: () => ${isHidden}, configurable: true });
    document.dispatchEvent(new Event('visibilitychange'));
  `);
}

describe.skipIf(missing)(`the page of runs on bad days${missing === undefined ? '' : `: ${missing}`}`, () => {
  it('leaves a variable of several lines as it is', async () => {
    const live = await liveRuns('', { 'flow.yaml': FLOW });
    await live.touch('go');
    const opened = await openPage(live.url('#job=flow'));
    await runNow(opened.page);
    await lastRunIs(live, 'flow', 'success');
    expect(live.lines('note')).toEqual(['one', 'two']);
    expectInOrder(opened);
  });

  it('holds no connection while nobody sees it, and is up to date when somebody does', async () => {
    const live = await liveRuns('', { 'flow.yaml': FLOW });
    const opened = await openPage(live.url('#job=flow&view=log'));
    const { page } = opened;
    await runNow(page);
    await says(page, '.log-lines', 'begun');
    const listeners = async () =>
      /^etl_event_listeners (\d+)/m.exec(await (await live.served.ask('/metrics')).text())?.[1];
    await expect.poll(listeners).toBe('2');
    await turn(page, true);
    await expect.poll(listeners).toBe('0');
    await live.touch('go');
    await lastRunIs(live, 'flow', 'success');
    await turn(page, false);
    await says(page, '.log-lines', 'ended');
    await says(page, '.run-bar', 'success');
    expect(await page.locator('#connection').textContent()).toBe('live');
    expectInOrder(opened);
  });

  it('opens a log, and a view, that did not come at first, and says no more that they did not', async () => {
    const live = await liveRuns('', { 'flow.yaml': FLOW });
    const { page } = await openPage(live.url('#job=flow'));
    await runNow(page);
    await page.locator('.task-grid td.cell.state-running').waitFor();
    const problem = page.locator('#problem');
    for (const [view, address, shown] of [
      ['log', '**/api/runs/1/log?*', '.log-lines'],
      ['source', '**/*-*.js', '.source .code'],
    ] as const) {
      await page.route(address, (route) => route.abort());
      await page.evaluate(`location.hash = '#job=flow&view=${view}'`);
      await problem.waitFor();
      await page.unroute(address);
      await page.locator(shown).getByText('begun').first().waitFor();
      await problem.waitFor({ state: 'hidden' });
    }
  });

  it('shows what is written to a log after it was shortened', async () => {
    const live = await liveRuns('', { 'flow.yaml': FLOW });
    const { page } = await openPage(live.url('#job=flow&view=log'));
    await runNow(page);
    // Not the line that says what is run.
    await says(page, '.log-lines .out', 'begun');
    const folder = join(live.cwd, 'logs/flow/note');
    const log = join(folder, readdirSync(folder)[0] ?? '', '1.log');
    truncateSync(log, 1);
    await says(page, '.log-lines', 'the log was shortened');
    appendFileSync(log, 'x');
    await says(page, '.log-note', /^2 bytes; it is being written$/);
    await live.touch('go');
    await says(page, '.log-lines', 'ended');
  });

  it('says that there is no task in a run of a graph that is not begun', async () => {
    const live = await liveRuns('', { 'flow.yaml': FLOW });
    await live.touch('go');
    const opened = await openPage(live.url('#job=flow&view=graph'));
    const { page } = opened;
    await runNow(page);
    await lastRunIs(live, 'flow', 'success');
    await page.locator('.task-graph .node').waitFor();
    await live.stopSchedule();
    const database = new DatabaseSync(join(live.cwd, 'runs.db'), { timeout: 5000 });
    database.exec(`DELETE FROM task; UPDATE run SET graph = NULL, state = 'queued', tries = 0`);
    database.close();
    await page.reload();
    await says(page, '.graph .note', 'no task yet');
    expect(await page.locator('.graph-stage').isVisible()).toBe(false);
    expectInOrder(opened);
  });

  it('reads aloud what becomes of a log, and not each of its bytes', async () => {
    const live = await liveRuns('', { 'flow.yaml': FLOW });
    const { page } = await openPage(live.url('#job=flow&view=log'));
    await runNow(page);
    await says(page, '.log-note', /^\d+ bytes; it is being written$/);
    await says(page, '.log-note [role=status]', /^it is being written$/);
    await live.touch('go');
    await says(page, '.log-note [role=status]', /^ended$/);
  });

  it('keeps the focus on the page when a message is closed', async () => {
    const live = await liveRuns('', { 'flow.yaml': FLOW });
    const { page } = await openPage(live.url('#job=flow'));
    await runNow(page);
    await page.locator('#done').getByRole('button', { name: 'Close' }).press('Enter');
    expect(await page.evaluate('document.activeElement.id')).toBe('main');
  });

  it('shows what is pressed also in the colours of the system', async () => {
    const live = await liveRuns('', { 'flow.yaml': FLOW });
    const { page } = await openPage(live.url('#job=flow&view=runs'), { forcedColors: 'active' });
    const button = page.locator('.state-choice').first();
    const color = () =>
      page.evaluate(`getComputedStyle(document.querySelector('.state-choice')).backgroundColor`);
    await button.waitFor();
    const before = await color();
    await button.click();
    await page.mouse.move(0, 0);
    await expect.poll(color).not.toBe(before);
  });

  it('tells ages by the clock of the server', async () => {
    const live = await liveRuns('', { 'flow.yaml': FLOW });
    await live.touch('go');
    const { page } = await openPage(live.url('#job=flow'));
    await runNow(page);
    await lastRunIs(live, 'flow', 'success');
    // Behind it, and then ahead: the second one comes on top of the first.
    for (const days of [-1, 2]) {
      await page.addInitScript(`{
        const right = Date.now;
        Date.now = () => right() + ${days} * 86_400_000;
      }`);
      await page.reload();
      await says(page, '[data-fact=Last]', /^(?:\d+ s ago|now)/);
    }
  });
});
