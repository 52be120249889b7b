/** The report's section about the method. */

export const METHOD = `## How it was measured

- The inputs come from a seeded generator, so they have the same bytes everywhere. Each is read once beforehand, so every program
  finds it in memory.
- Programs take turns, A B C A B C, so that a slow minute of the machine hits all of them; the column "runs" says how often each ran.
  Slow ones run once. Start-up is measured 15 times.
- Every program runs in the fastest form that we found. DuckDB, Polars and ClickHouse are told the types of all columns, so that
  nothing is guessed, and use all cores; Polars reads with a lazy scan and its streaming engine; DuckDB and ClickHouse write
  their rows themselves. awk looks at each line once; Miller uses its plainest reader; all have \`LC_ALL=C\`.
- DuckDB, Polars and ClickHouse run from their Python packages. Starting Python and importing them is part of the run: 0.15 to
  0.25 s of CPU time.
- All answers of all runs are compared: count, minimum, maximum and median must be equal, averages within 1e-9 of their size
  (or of 0.001 where they are smaller), for which \`get-stats\` prints 12 decimals. In \`groups\` the rows must be in ascending order
  and count all lines. Results with a wrong answer are discarded.
- Memory is the peak of the largest process.
- Through a pipe, \`cat\` or \`zcat\` runs beside the program on the same cores. Its CPU time and memory are not counted.
- The bare reader is Node reading blocks of 64 KiB and counting bytes. \`wc -l\` and \`cat\` look at bytes, not at numbers.

## What is not compared, and why

- **The work is not quite the same.** \`get-stats\` also checks every time and value, explains what it rejects, keeps the first
  and last time, and adds decimals exactly, as DuckDB does. awk takes \`ERR\` for 0; awk, Miller, datamash, Polars and ClickHouse add
  in binary floating point. All but \`get-stats\` look at times only where hours or minutes are asked for, and awk and Miller
  then just cut them off.
- **awk and datamash** do not read NDJSON, and datamash has no hours. **jq** is left out: in a trial it took about ten seconds per
  million lines.
- **Medians**: awk has none, and Miller takes the upper of two middle values where the others here take the lower.
- **Programs written for the One Billion Row Challenge** trust the form of their input, and most are made for that one file.
- **pandas and other databases**: not tried; DuckDB, Polars and ClickHouse stand in for them.
- **A cold disk.** All programs would wait for the same bytes.
`;
