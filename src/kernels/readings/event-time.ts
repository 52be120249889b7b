// The readings' own time: the current pane, the watermark, and what the host must know of both.

/** Tells the span of the pane at this time: sets `paneStart` and `paneEnd`. */
@external('host', 'locate')
declare function locate(time: f64): void;

/** Whether windows have lengths. */
export let hasPanes: bool = false;
/** The length of panes that count from the epoch, in milliseconds; 0 when the host must be asked. */
let paneLength: f64 = 0;

/** The pane of the reading before, in epoch milliseconds: inclusive, exclusive. */
export let paneStart: f64 = 0;
export let paneEnd: f64 = 0;
/** A reading before this time is late. */
export let earliest: f64 = -Infinity;
/** A reading after this time is too far ahead of the clock. */
export let latestTime: f64 = Infinity;
/** A reading from this time on moves the watermark past the end of a window. */
export let watermarkGoal: f64 = Infinity;
/** The newest time of all readings, in epoch milliseconds. */
export let newest: f64 = -Infinity;
/** The least digits after the point of values with a time; 255 when there were none. */
export let leastScale: i32 = 255;

/** Says whether there are panes; `length` is that of panes counted from the epoch, 0 when the host must be asked. */
export function wantPanes(panes: bool, length: f64): void {
  hasPanes = panes;
  paneLength = length;
  if (panes) return;
  paneStart = -Infinity;
  paneEnd = Infinity;
}

/** Whether a reading of this time is late or too far ahead, or has no time (NaN) where it needs one. */
@inline
export function isOutside(time: f64): bool {
  return hasPanes && !(time >= earliest && time <= latestTime);
}

/** The start of the pane of a time that is not late; 0 without panes. */
@inline
export function paneAt(time: f64): f64 {
  if (!(time >= paneStart && time < paneEnd)) findPane(time);
  return hasPanes ? paneStart : 0;
}

/** The start of the pane of the reading before; 0 without panes. */
@inline
export function paneNow(): f64 {
  return hasPanes ? paneStart : 0;
}

function findPane(time: f64): void {
  if (!hasPanes) return;
  if (paneLength > 0) {
    paneStart = Math.floor(time / paneLength) * paneLength;
    paneEnd = paneStart + paneLength;
  } else locate(time);
}

/** Notes a time; returns whether it is the first to reach the goal of the watermark. */
@inline
export function reaches(time: f64): bool {
  if (!(time > newest)) return false;
  newest = time;
  return time >= watermarkGoal;
}

/** Notes a time that is known to be the newest. */
@inline
export function noteNewest(time: f64): void {
  newest = time;
}

/** Notes the scale of a value with a time. */
@inline
export function noteScale(scale: i32): void {
  leastScale = min(leastScale, scale);
}
