/** The views of a job: each is loaded when it is first looked at. */

import type { ViewName } from '../look.ts';
import type { MountView } from '../view.ts';

/** Loads the view of this name; undefined for one that there is not. */
export const views: Readonly<Partial<Record<ViewName, () => Promise<{ readonly mount: MountView }>>>> = {
  grid: () => import('../grid/mount.ts'),
  graph: () => import('../graph/mount.ts'),
  log: () => import('../log/mount.ts'),
  gantt: () => import('../gantt/mount.ts'),
  durations: () => import('../durations/mount.ts'),
  runs: () => import('../run-list/mount.ts'),
  source: () => import('../source/mount.ts'),
};
