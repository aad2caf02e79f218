import { taskErrors } from './errors.js';
import type { AnyTask } from './task.js';

/** Name → task, of one process. Exactly one task per name. */
export class TaskRegistry {
  readonly #tasks = new Map<string, AnyTask>();

  constructor(tasks: readonly AnyTask[]) {
    for (const task of tasks) {
      if (this.#tasks.has(task.name)) throw taskErrors.error('MILLRACE_TASK_DUPLICATE', `two tasks are named ${task.name}`);
      this.#tasks.set(task.name, task);
    }
  }

  get names(): readonly string[] {
    return [...this.#tasks.keys()];
  }

  /** Throws MILLRACE_TASK_UNKNOWN. */
  get(name: string): AnyTask {
    const task = this.#tasks.get(name);
    if (task) return task;
    throw taskErrors.error('MILLRACE_TASK_UNKNOWN', `this process has no task named ${name}`);
  }
}
