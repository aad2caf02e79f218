import { expect, it } from 'vitest';
import { budgetLines } from './budget-lines.js';

it('shows each step on one time line', () => {
  const steps = [
    { step: 's0', task: 'process.initiate', readyMs: 0, queueMs: 8, runMs: 16, overheadMs: 8 },
    { step: 's1', task: 'orders.dataset', readyMs: 32, queueMs: 0, runMs: 32, overheadMs: 0 },
    { step: 's2', task: 'orders.segments', readyMs: 64, queueMs: 32, runMs: 31.4, overheadMs: 0.6 },
    { step: 's3', task: 'end', readyMs: 128, queueMs: 0, runMs: 0, overheadMs: 0 },
  ];
  expect(`\n${budgetLines({ budgetMs: 10_000, usedMs: 128, steps }).join('\n')}`).toBe(`
task              ready at   queue     run  overhead  ░ queue  █ run and overhead
process.initiate    0.0 ms  8.0 ms   16 ms    8.0 ms  ░░██████
orders.dataset       32 ms  0.0 ms   32 ms    0.0 ms          ████████
orders.segments      64 ms   32 ms   31 ms    0.6 ms                  ░░░░░░░░████████
end                 128 ms  0.0 ms  0.0 ms    0.0 ms                                 █`);
});
