import { type Canvas, compile, signaturesOf } from '@millrace/canvas';
import { taskErrors, type Router } from '@millrace/tasks';

/** Throws MILLRACE_CANVAS_… for a canvas that cannot be run, MILLRACE_ROUTE_MISSING or _DEAD for one that no queue would take. */
export function checkCanvas(canvas: Canvas, router: Router): void {
  compile(canvas);
  const queues = new Set(router.queues.map(({ name }) => name));
  for (const { task, options } of signaturesOf(canvas)) {
    const queue = options?.queue ?? router.queueOf(task);
    if (queues.has(queue)) continue;
    throw taskErrors.error('MILLRACE_ROUTE_DEAD', `${task} is to go to queue ${JSON.stringify(queue)}, but there are only ${[...queues].join(', ')}`);
  }
}
