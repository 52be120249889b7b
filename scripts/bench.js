// npm run bench: a million lines through every filter, with the time it took and the memory at its peak, and how long
// a tool takes from start to end beside bare node. Medians of several runs; peaks are read from /proc, so on Linux only.
import { spawn } from 'node:child_process';
import { once } from 'node:events';
import { createWriteStream, existsSync, mkdirSync, openSync, readFileSync, rmSync } from 'node:fs';
import { availableParallelism, cpus } from 'node:os';
import { join } from 'node:path';
import { fileURLToPath } from 'node:url';

const LINES = 1_000_000;
const RUNS = 3;
const STARTS = 15;
const root = fileURLToPath(new URL('..', import.meta.url));
const folder = join(root, 'bench');
const readings = join(folder, 'readings.log');
const rows = join(folder, 'rows.csv');
const tiny = join(folder, 'tiny.log');

/** The same lines at every run: five sensors, a reading a minute, two decimals. */
async function writeInputs() {
  mkdirSync(folder, { recursive: true });
  if (existsSync(tiny)) return;
  const first = Date.UTC(2024, 0, 1);
  await writeLines(readings, LINES, (at) => `${iso(first + at * 12_000)},room-${at % 5},${temperature(at)}`);
  const header = 'sensor,window,start,end,count,min,max,avg\n';
  await writeLines(
    rows,
    LINES,
    (at) => {
      const start = first + Math.floor(at / 5) * 60_000;
      return `room-${at % 5},1m,${iso(start)},${iso(start + 60_000)},5,${temperature(at)},${temperature(at)},${temperature(at)}`;
    },
    header,
  );
  await writeLines(tiny, 60, (at) => `${iso(first + at * 60_000)},room,${temperature(at)}`);
}

const iso = (time) => `${new Date(time).toISOString().slice(0, 19)}Z`;
const temperature = (at) => (20 + 5 * Math.sin(at / 1000) + ((at * 7919) % 100) / 100).toFixed(2);

async function writeLines(path, count, line, header = '') {
  const file = createWriteStream(path);
  file.write(header);
  for (let at = 0; at < count; at += 1000) {
    let block = '';
    for (let one = at; one < Math.min(at + 1000, count); one++) block += `${line(one)}\n`;
    if (!file.write(block)) await once(file, 'drain');
  }
  file.end();
  await once(file, 'close');
}

/** Seconds, and the largest resident set in MB. */
async function measure(command, words, stdin) {
  const started = performance.now();
  const child = spawn(command, words, {
    cwd: folder,
    stdio: [openSync(stdin, 'r'), openSync('/dev/null', 'w'), 'inherit'],
  });
  let peak = 0;
  const look = () => {
    try {
      const kilobytes = /VmHWM:\s*(\d+)/.exec(readFileSync(`/proc/${child.pid}/status`, 'utf8'))?.[1];
      peak = Math.max(peak, Number(kilobytes ?? 0) / 1024);
    } catch {
      // It has just ended.
    }
  };
  const timer = setInterval(look, 20);
  const [status] = await once(child, 'close');
  clearInterval(timer);
  if (status !== 0) throw new Error(`${command} ${words.join(' ')} ended with ${status}`);
  return { seconds: (performance.now() - started) / 1000, peak };
}

const median = (numbers) => [...numbers].sort((a, b) => a - b)[Math.floor(numbers.length / 2)];
const bin = (tool) => join(root, 'bin', tool);

async function main() {
  await writeInputs();
  console.log(`node ${process.version}, ${availableParallelism()} × ${cpus()[0]?.model}`);
  console.log(
    `${`\n${LINES.toLocaleString('en')} lines, median of ${RUNS}`.padEnd(60)}seconds  lines/s   peak MB`,
  );
  const works = [
    ['buffer-tail', ['-n', '60'], readings],
    ['buffer-tail', ['-n', '60', 'window.log'], readings],
    ['buffer-tail', ['-n', '60', '--overflow', 'old.log', 'window.log'], readings],
    ['buffer-tail', ['--last', '1h'], readings],
    ['get-stats', [], readings],
    ['get-stats', ['-w', '1h'], readings],
    ['get-stats', ['-w', '1h', '--stats', 'stddev,p50'], readings],
    ['get-stats', ['-w', '1h', '--live'], readings],
    ['load-stats', ['--to', 'bench.db'], rows],
    [
      'get-temp',
      ['sim:', '--from', '2024-01-01T00:00:00Z', '--to', '2024-01-12T13:46:40Z', '--every', '1s'],
      tiny,
    ],
  ];
  for (const [tool, words, stdin] of works) {
    const runs = [];
    for (let run = 0; run < RUNS; run++) {
      for (const name of ['window.log', 'old.log', 'bench.db', 'bench.db-wal', 'bench.db-shm'])
        rmSync(join(folder, name), { force: true });
      runs.push(await measure(bin(tool), words, stdin));
    }
    const seconds = median(runs.map((run) => run.seconds));
    const peak = median(runs.map((run) => run.peak));
    const speed = Math.round(LINES / seconds / 1000);
    console.log(
      `${[tool, ...words].join(' ').slice(0, 58).padEnd(60)}${seconds.toFixed(2).padStart(6)}  ${`${speed}k`.padStart(7)}  ${peak.toFixed(0).padStart(8)}`,
    );
  }
  await measureStarts();
}

async function measureStarts() {
  console.log(`\nstart to end on 60 lines, median of ${STARTS} interleaved runs, as a ratio to node -e 0`);
  const works = [
    ['node -e 0', process.execPath, ['-e', '0']],
    ['buffer-tail', bin('buffer-tail'), ['window.log']],
    ['get-stats', bin('get-stats'), []],
    ['load-stats --dry-run', bin('load-stats'), ['--dry-run', 'tiny.csv']],
    ['load-stats', bin('load-stats'), ['--to', 'bench.db', 'tiny.csv']],
    ['get-temp', bin('get-temp'), ['sim:']],
  ];
  const times = new Map(works.map(([name]) => [name, []]));
  await measure('sh', ['-c', `'${bin('get-stats')}' > tiny.csv`], tiny);
  for (let run = 0; run < STARTS; run++) {
    for (const [name, command, words] of works)
      times.get(name).push((await measure(command, words, tiny)).seconds);
  }
  const bare = median(times.get('node -e 0'));
  for (const [name, seconds] of times)
    console.log(`${name.padEnd(60)}${(median(seconds) / bare).toFixed(2)}`);
}

await main();
