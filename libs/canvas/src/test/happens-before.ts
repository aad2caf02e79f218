import type { Canvas } from '../signature.js';

/** The tasks of a canvas, in its order. Read off the canvas alone, never off a plan: this is the oracle. */
export function tasksOf(canvas: Canvas): readonly string[] {
  switch (canvas.kind) {
    case 'task':
      return [canvas.task];
    case 'chain':
      return canvas.parts.flatMap(tasksOf);
    case 'group':
      return canvas.members.flatMap(tasksOf);
    case 'chord':
      return [...tasksOf(canvas.header), ...tasksOf(canvas.body)];
  }
}

/** Pairs of tasks of which the first must be decided before the second may begin. */
export function happensBefore(canvas: Canvas): ReadonlyArray<readonly [string, string]> {
  switch (canvas.kind) {
    case 'task':
      return [];
    case 'chain':
      return canvas.parts.flatMap((part, i) => [
        ...happensBefore(part),
        ...canvas.parts.slice(i + 1).flatMap((later) => cross(tasksOf(part), tasksOf(later))),
      ]);
    case 'group':
      return canvas.members.flatMap(happensBefore);
    case 'chord':
      return [...happensBefore(canvas.header), ...cross(tasksOf(canvas.header), tasksOf(canvas.body)), ...happensBefore(canvas.body)];
  }
}

const cross = (before: readonly string[], after: readonly string[]): Array<readonly [string, string]> =>
  before.flatMap((a) => after.map((b) => [a, b] as const));

export type Fate = 'succeeded' | 'failed' | 'skipped';

/**
 * What must become of a canvas when exactly the tasks in `failing` fail: structural induction over the canvas. A chain
 * stops at its first part that fails; an `all` group fails when a member does, a `collect` group never.
 */
export function fates(canvas: Canvas, failing: ReadonlySet<string>): { ok: boolean; tasks: ReadonlyMap<string, Fate> } {
  const tasks = new Map<string, Fate>();
  const skip = (c: Canvas): void => tasksOf(c).forEach((task) => tasks.set(task, 'skipped'));
  const visit = (c: Canvas): boolean => {
    switch (c.kind) {
      case 'task': {
        const ok = !failing.has(c.task);
        tasks.set(c.task, ok ? 'succeeded' : 'failed');
        return ok;
      }
      case 'chain':
        return inOrder(c.parts);
      case 'group': {
        const oks = c.members.map(visit);
        return c.policy === 'collect' || oks.every(Boolean);
      }
      case 'chord':
        return inOrder([c.header, c.body]);
    }
  };
  const inOrder = (parts: readonly Canvas[]): boolean => {
    let ok = true;
    for (const part of parts) {
      if (ok) ok = visit(part);
      else skip(part);
    }
    return ok;
  };
  const ok = visit(canvas);
  return { ok, tasks };
}
