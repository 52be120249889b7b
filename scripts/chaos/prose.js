/** The fixed text of RELIABILITY.md. */

export const ATTACKS_TEXT = `## The attacks

Attacks from inside are made by a library ([scripts/chaos/shim.c](scripts/chaos/shim.c)) that is preloaded before the C library. It
counts the system calls that a command makes in its folder and to its stdout; then each of these calls gets a round.

- **kill**: \`kill -9\` before each call that changes something, and in the middle of each write; in pipelines, each process alone and
  all at once
- **power cut**: killed before each call, after which everything that was not synced is gone: contents and names; or contents alone,
  while an unsynced rename stays
- **input/output error**: EIO at each call, EMFILE at each open
- **interrupted call**: EINTR at each call that a signal may interrupt; the command must do its work all the same
- **short write**: half of each write; the command must do its work all the same
- **disk full**: half of a write, then ENOSPC for everything after it
- **two users**: root is killed before each call, and the owner of the files, who is not root, goes on
- **full tmpfs**, **file size limit**: a real file system with a few pages left, or none, and \`ulimit -f\`
- **others append**: stopped at each call, while another program appends a line to the same file with \`>>\`
- **others append after a kill**: killed before each call, and a line appended with \`>>\` before the next run
- **many at once**: twelve processes, each with lines or rows of its own
- **file removed**, **moved away**, **replaced**: between two batches of a tool that goes on; whatever it acknowledges later must be
  where the path leads; **removed without its log**: a database, but not the \`-wal\` beside it
- **readings of a wrong clock**: from 1970, tomorrow, 2038 or 9999, between good ones; the good ones must stay, and the wrong one must
  be kept somewhere
- **clock jumps**: the machine's clock runs years or hours ahead or behind, and comes back
- **hostile server**: silent, slow, endless, cut off, a decompression bomb, a captive portal, redirects, refusals; then one that takes the rows
- **hostile client**: connections, headers, bodies, columns and names that cost the server more than the client, while a good
  client posts rows and asks for \`/healthz\`, which must answer within five seconds
`;

export const OTHER_TRIALS_TEXT = `## Schedules

These trials run with the tests and the integration tests; the figures are those of 2026-11-29.

- A schedule of 20 jobs, killed 100 times at random (\`test/integration/schedule-kill.test.ts\`; 50 times in CI, 100 with \`ROUNDS=2\`):
  each due time is in exactly one row, no two tries of a job overlap (each takes a lock, and reports if it was not free), no try is
  made twice, nothing is left behind, and an unrelated process that now has the schedule's old process number stays alive.
- Due times: 100,000 random lines in five zones agree with a second evaluator, written from crontab(5) alone, and 41 lines on each of
  six nights with a clock change agree with what Debian's cron did.
- The temperature ETL for ten real minutes under a schedule that is the first process of a container, without terminal or HOME and
  with read-only code: one reading a minute, in equals out plus rejected, no zombie.
- A disk that fills up and then has space again: one message, nothing started meanwhile, every second accounted for.

## Graphs of tasks

- \`run-tasks\` on two graphs, killed at random moments 50 times each (\`test/integration/run-tasks-kill.test.ts\`; twice as often with
  \`ROUNDS=2\`), and resumed each time: every task succeeded once, no process is left, the logs of all tries are there. A schedule of
  graphs, killed again and again: each due time is in one row, and nothing that had succeeded is done again.
- States: 1,000 random graphs, and 100 with retries, limits and pools in the real executor, agree with a second evaluator written from
  Airflow's documentation; 20 generated graphs agree with Airflow 2.11.2 and 3.3.2 themselves (\`AIRFLOW_GRAPHS=yes\`).
- 10,000 items of a split task: 113 MB at most.
- Two \`--resume\` or \`--backfill\` at once: each run, and each time, is done once. A ledger removed during a run: all tasks are done, and
  status 74 says that the ledger does not know of them. \`$ETL_RUN_DIR\` and the ledger on a full disk: what cannot be recorded is not
  started, and goes on when there is room (\`test/integration/run-tasks-full-disk.test.ts\`).
- The page. Tried once, by hand: 352 hostile requests, 2,000 listeners, ledgers that are damaged, replaced, locked or of a later
  version, names and logs with scripts, escapes and right-to-left text. What this found became tests, among them logs that are
  truncated or missing, hidden tabs, and wrong clocks (\`test/integration/runs-bad-days.test.ts\`).

## Many sensors

- Sensor names that share one hash among very many others, that differ only in a late byte, or that are as long as a line allows give
  the rows of the exact engine; names that are not text are rejected, counted and named.
- When memory is full of sensors and windows, \`get-stats\` exits with 74 and advice before it writes a row, whichever thread notices
  (\`test/integration/many-groups.test.ts\`, at many limits of \`ulimit -d\`: 64 MB are left to Node, which is ended by a signal where it
  gets no memory). With less than about 4 GB of address space (\`ulimit -v\`), lines are counted without the kernel. A container that is
  killed for its memory (137) is killed without a message.
`;

export const LIMITS_TEXT = `## Known limits

None of these is counted above:

- **A kill in the middle of a write** to a file that only grows (\`buffer-tail -n all\`, \`--overflow\`, \`--rejects\`) can leave half a
  line, which the next run removes or terminates. A program that appends with \`>>\` before that run writes after the half line.
- **An overflow file that is moved away** between a kill and the next run keeps lines that the window still holds: the new overflow
  file gets them as well.
- **A SQLite database that is replaced while it is open** (\`mv new.db stats.db\`): etlutils' tools wait (\`--wait\`, then 75) until the
  process that has the old one open has removed its WAL. That takes milliseconds, or half a second where the system does not report
  changes. Another program that opens the new database before that, or after a \`kill -9\` of the last process and before any of our
  tools, applies the old WAL to it, since SQLite finds the WAL by name. \`.restore\`, as in the README, has no such moment.
- **A store or a spool that root has created** belongs to root, so *two users* covers only what both may write.
- **Rows without a key** that were committed just before a kill are there, although nothing acknowledged them; loaded again, they are
  there twice. With \`--key\` they are not.
- Not tried: network file systems, and systems other than Linux.
`;
