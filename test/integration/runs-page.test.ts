import type { Page } from 'playwright-core';
import { describe, expect, it } from 'vitest';
import { serving } from '../dashboard/serving.ts';
import { expectInOrder, missingBrowser, openPage } from './browser.ts';
import { lastRunIs, liveRuns, says } from './live-runs.ts';

const missing = missingBrowser();
/** Far from now. */
const NEVER = '0 0 29 2 *';
/** A job that is under way until there is a file. */
const GATE = `#: name=gate\n${NEVER} until [ -e go ]; do sleep 0.05; done\n`;
/** A job that fails until there is a file. */
const FLAKY = `#: name=flaky\n${NEVER} [ -e fixed ] || exit 7\n`;
const TEMPERATURE = `owner: anna
description: Readings of the <b>attic</b>
tags: [etl, sensors]
env: {STATION: attic}
tasks:
  extract: {run: 'echo "$STATION" >> done'}
  load:
    needs: [extract]
    run: '[ -e fixed ]'
  report: {needs: [load], trigger-rule: all_done, run: 'echo report >> done'}
`;

const row = (page: Page, job: string) => page.locator('.jobs tbody tr', { hasText: job });
const button = (page: Page, name: string | RegExp) => page.getByRole('button', { name, exact: true });

/** Runs the job that is looked at, without further words. */
async function runNow(page: Page): Promise<void> {
  await button(page, 'Run now').click();
  await page.locator('#run-dialog').getByRole('button', { name: 'Run now' }).click();
}

describe.skipIf(missing)(`the page of runs${missing === undefined ? '' : `: ${missing}`}`, () => {
  it('shows a run when it begins, and when it ends, without loading itself again', async () => {
    const live = await liveRuns(GATE);
    const opened = await openPage(live.url());
    const { page } = opened;
    await says(page, '.jobs .last', '–');
    await page.evaluate('document.body.isSamePage = true');
    await row(page, 'gate').getByRole('button', { name: 'Run gate now' }).click();
    await page.locator('#run-dialog').getByRole('button', { name: 'Run now' }).click();
    await page.locator('.recent .state-running').waitFor();
    await says(page, '.jobs .last', /^running, \d/);
    await says(page, '#done', /^gate: queued as run 1×$/);
    await live.touch('go');
    await page.locator('.recent .state-success').waitFor();
    await says(page, '.jobs .last', / ago, \d+\.\d s$/);
    expect(await page.evaluate('document.body.isSamePage')).toBe(true);
    expectInOrder(opened);
  });

  it('pauses a job, and resumes it', async () => {
    const live = await liveRuns(GATE);
    const opened = await openPage(live.url());
    const { page } = opened;
    const toggle = page.getByRole('switch', { name: 'gate' });
    await toggle.click();
    await page.locator('.pause-switch[aria-checked="false"]').waitFor();
    await says(page, '.jobs .next', 'paused');
    expect((await live.job('gate'))?.paused).not.toBe(null);
    await toggle.click();
    await page.locator('.pause-switch[aria-checked="true"]').waitFor();
    expect((await live.job('gate'))?.paused).toBe(null);
    expectInOrder(opened);
  });

  it('stops a run', async () => {
    const live = await liveRuns(GATE);
    const opened = await openPage(live.url('#job=gate&view=source'));
    const { page } = opened;
    await runNow(page);
    await says(page, '.run-bar', 'running');
    await button(page, 'Stop').click();
    await says(page, '.run-bar', 'failed (stopped)');
    expect(live.rows()).toMatchObject([{ state: 'failed', reason: 'stopped' }]);
    expect(await button(page, 'Stop').getAttribute('title')).toBe('it has ended');
    expectInOrder(opened);
  });

  it('has a run that failed tried again', async () => {
    const live = await liveRuns(FLAKY);
    const opened = await openPage(live.url('#job=flaky&view=runs'));
    const { page } = opened;
    await runNow(page);
    await page.locator('.runs tbody .state-failed').waitFor();
    await says(page, '.runs tbody', 'failed');
    await live.touch('fixed');
    await page.locator('.runs tbody a').first().click();
    await page.getByRole('link', { name: 'Source' }).click();
    await button(page, 'Retry what failed').click();
    await lastRunIs(live, 'flaky', 'success');
    await says(page, '.run-bar', 'success');
    expect(await button(page, 'Retry what failed').getAttribute('aria-disabled')).toBe('true');
    expectInOrder(opened);
  });

  it('runs a graph with what a person sets, and has a task that failed tried again, with what follows', async () => {
    const live = await liveRuns(FLAKY, { 'temperature.yaml': TEMPERATURE });
    const opened = await openPage(live.url());
    const { page } = opened;
    await page.getByRole('button', { name: 'sensors' }).click();
    await expect.poll(() => page.locator('.jobs tbody tr').count()).toBe(1);
    await page.locator('.jobs .name').click();
    await says(page, '.description', 'Readings of the <b>attic</b>');
    await button(page, 'Run now').click();
    await page.getByLabel('STATION').fill('roof');
    await page.locator('#run-dialog').getByRole('button', { name: 'Run now' }).click();
    await lastRunIs(live, 'temperature', 'failed');
    await page.goto(live.url('#job=temperature&view=source&task=load'));
    await says(page, '.run-bar', 'STATION=roof');
    await says(page, '.source .chosen', 'load:');
    await live.touch('fixed');
    await button(page, 'Retry load and what follows').click();
    await lastRunIs(live, 'temperature', 'success');
    await says(page, '.run-bar', 'success');
    expect(live.lines('done')).toEqual(['roof', 'report', 'report']);
    expectInOrder(opened);
  });

  it('says why nothing can be asked when no schedule lives, and so does the server', async () => {
    const live = await liveRuns(FLAKY);
    const opened = await openPage(live.url('#job=flaky&view=runs'));
    const { page } = opened;
    await runNow(page);
    await page.locator('.runs tbody .state-failed').waitFor();
    await live.stopSchedule();
    await page.locator('#schedule').getByText('no schedule is running').waitFor();
    expect(await button(page, 'Run now').getAttribute('aria-disabled')).toBe('true');
    expect(await button(page, 'Run now').getAttribute('title')).toBe(
      'no schedule is running with this ledger',
    );
    await button(page, 'Run now').click({ force: true });
    expect(await page.locator('#run-dialog').isVisible()).toBe(false);
    const headers = { 'content-type': 'application/json' };
    const answer = await live.served.ask('/api/jobs/flaky/run', { method: 'POST', body: '{}', headers });
    expect([answer.status, await answer.json()]).toEqual([
      409,
      { error: expect.stringMatching(/no schedule/) },
    ]);
    expectInOrder(opened);
  });

  it('shows what the server refuses as one sentence', async () => {
    const live = await liveRuns(FLAKY);
    const { page } = await openPage(live.url('#job=flaky&view=runs'));
    await button(page, 'Run now').waitFor();
    await page.route('**/api/jobs/flaky/run', (route) =>
      route.fulfill({ status: 409, json: { error: 'no schedule is running with this ledger' } }),
    );
    await runNow(page);
    await says(page, '#done', /^no schedule is running with this ledger×$/);
  });

  it('asks for the token that posts need, and keeps it as long as it is open', async () => {
    const live = await liveRuns(GATE, {}, { ETL_TOKEN: 'secret' });
    const { page, problems } = await openPage(live.url());
    const toggle = page.getByRole('switch', { name: 'gate' });
    const answer = async (token: string) => {
      await page.locator('#token').fill(token);
      await page.locator('#token-dialog').getByRole('button', { name: 'Continue' }).click();
    };
    await toggle.click();
    await answer('wrong');
    await says(page, '#done', 'wrong token');
    await toggle.click();
    await answer('secret');
    await page.locator('.pause-switch[aria-checked="false"]').waitFor();
    await toggle.click();
    await page.locator('.pause-switch[aria-checked="true"]').waitFor();
    expect(problems.filter((problem) => !problem.includes('401'))).toEqual([]);
  });

  it('takes hostile names, commands and addresses for text', async () => {
    const name = '<img src=x onerror=alert(1)>';
    const live = await liveRuns(`#: name='${name}'\n${NEVER} echo '<script>alert(2)</script>'\n`);
    const opened = await openPage(live.url());
    const { page } = opened;
    await says(page, '.jobs .name', name);
    await page.locator('.jobs .name').click();
    await says(page, '.title h2', name);
    await runNow(page);
    await lastRunIs(live, name, 'success');
    await page.getByRole('link', { name: 'Source' }).click();
    await says(page, '.source', `echo '<script>alert(2)</script>'`);
    await page.goto(live.url('#job=<script>alert(3)</script>'));
    await says(page, '#missing', 'There is no job <script>alert(3)</script>');
    expectInOrder(opened);
  });

  it('turns nothing round, whatever a name, a tag, an owner or a description says', async () => {
    const turn = '\u202e';
    const graph = `owner: "${turn}anna"\ndescription: "${turn}of the attic"\ntags: ["${turn}etl", "א", "ב"]\ntasks: {a: {run: 'true'}}\n`;
    const live = await liveRuns(`#: name='${turn}odd'\n${NEVER} true # ${turn}\n`, { 'flow.yaml': graph });
    const opened = await openPage(live.url());
    const { page } = opened;
    await row(page, 'odd').waitFor();
    for (const job of ['flow', `${turn}odd`])
      for (const view of ['grid', 'source']) {
        await page.goto(live.url(`#${new URLSearchParams({ job, view })}`));
        await says(page, '.title h2', job.replace(turn, '\ufffd'));
        const all = `${await page.locator('body').textContent()} ${await page.title()}`;
        expect(all).not.toContain(turn);
      }
    await page.goto(live.url('#job=flow'));
    await page.locator('[data-fact="Tags"] bdi').nth(2).waitFor();
    const tags = await page.locator('[data-fact="Tags"] bdi').all();
    const lefts = await Promise.all(tags.map(async (tag) => (await tag.boundingBox())?.x ?? 0));
    expect([lefts.length, lefts.toSorted((a, b) => a - b)]).toEqual([3, lefts]);
    expectInOrder(opened);
  });

  it('says that a run is gone, when it was looked at and is forgotten, while another one goes on', async () => {
    const live = await liveRuns(FLAKY + GATE);
    const { page, problems } = await openPage(live.url('#job=flaky&view=source'));
    await runNow(page);
    await lastRunIs(live, 'flaky', 'failed');
    await page.goto(live.url('#job=flaky&run=1&view=source'));
    await says(page, '.source', 'exit 7');
    const headers = { 'content-type': 'application/json' };
    await live.served.ask('/api/jobs/gate/run', { method: 'POST', body: '{}', headers });
    await lastRunIs(live, 'gate', 'running');
    live.forget(1);
    await says(page, '#job', 'Run 1 is no longer in the ledger.');
    await page.goto(live.url('#run=1&view=source'));
    await says(page, '#missing', 'Run 1 is no longer in the ledger.');
    expect(problems.filter((problem) => !problem.includes('404'))).toEqual([]);
  });

  it('lists hundreds of jobs, each with its row, and comes back to the one that was looked at', async () => {
    const names = Array.from({ length: 300 }, (_, at) => `job-${at}`);
    const live = await liveRuns(names.map((name) => `#: name=${name}\n${NEVER} true\n`).join(''));
    const opened = await openPage(live.url('#job=job-299'));
    const { page } = opened;
    await says(page, '.title h2', 'job-299');
    await page.locator('.back').click();
    await expect.poll(() => page.locator(':focus').textContent()).toBe('job-299');
    expect(await page.locator('.jobs .name').allTextContents()).toEqual(names);
    await page.getByLabel('Search jobs').fill('job-11');
    await expect.poll(() => page.locator('.jobs tbody tr').count()).toBe(11);
    expectInOrder(opened);
  });

  it('is found by keys, and goes back as the browser does', async () => {
    const live = await liveRuns(GATE + FLAKY);
    const opened = await openPage(live.url());
    const { page } = opened;
    await row(page, 'flaky').waitFor();
    await page.keyboard.press('/');
    await page.keyboard.type('fla');
    await expect.poll(() => page.locator('.jobs tbody tr').count()).toBe(1);
    await page.keyboard.press('Enter');
    await says(page, '.title h2', 'flaky');
    await page.keyboard.press('2');
    await says(page, '.tabs [aria-current]', 'Runs');
    await page.goBack();
    await says(page, '.tabs [aria-current]', 'Grid');
    await page.goBack();
    await expect.poll(() => page.locator('.jobs tbody tr').count()).toBe(1);
    await expect.poll(() => page.locator(':focus').textContent()).toBe('flaky');
    await page.locator('.jobs').press('Escape');
    await expect.poll(() => page.locator('.jobs tbody tr').count()).toBe(2);
    await page.keyboard.press('?');
    await page.locator('#help').getByText('up for retry').waitFor();
    expectInOrder(opened);
  });

  it('is reached from the page of stats where there is a ledger, and only there', async () => {
    const live = await liveRuns(GATE);
    const opened = await openPage(live.served.url);
    await opened.page.getByRole('link', { name: 'Runs' }).click();
    await row(opened.page, 'gate').waitFor();
    expectInOrder(opened);
    const without = await serving();
    const other = await openPage(without.url);
    await other.page.locator('#empty').waitFor();
    expect(await other.page.getByRole('link', { name: 'Runs' }).count()).toBe(0);
    expectInOrder(other);
  });
});
