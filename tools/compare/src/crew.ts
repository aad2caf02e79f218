import type { Child } from './child.js';
import type { Running } from './turns.js';
import type { Undo } from './undo.js';

/** Some processes as one system, killed when the turn is over. */
export async function crew(children: readonly Child[], undo: Undo): Promise<Running> {
  await undo.add(() => Promise.all(children.map((child) => child.kill())));
  return {
    pids: () => children.flatMap(({ pid }) => pid ?? []),
    requireAlive: () => {
      for (const child of children) child.requireAlive();
    },
  };
}
