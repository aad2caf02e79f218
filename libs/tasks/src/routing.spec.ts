import { describe, expect, it } from 'vitest';
import { globPattern, Router } from './routing.js';

const queue = (name: string) => ({ name, leaseMs: 4_000, maxDeliveries: 10 });

describe('Router', () => {
  const router = new Router(
    [
      { task: 'orders.dataset', queue: 'special' },
      { task: '*.dataset', queue: 'datasets' },
      { task: /^orders\.(segments|anomalies)$/, queue: 'analyses' },
    ],
    [queue('special'), queue('datasets'), queue('analyses')],
  );

  it('takes the first route that matches', () => {
    expect(router.queueOf('orders.dataset')).toBe('special');
    expect(router.queueOf('feedback.dataset')).toBe('datasets');
    expect(router.queueOf('orders.segments')).toBe('analyses');
  });

  it('refuses a task without a route', () => {
    expect(() => router.queueOf('orders.report')).toThrow(/no route matches task orders.report/);
  });

  it('accepts routes that all serve some task', () => {
    expect(() => router.check(['orders.dataset', 'feedback.dataset', 'orders.anomalies'])).not.toThrow();
  });

  it.each([
    ['a task nobody routes', ['orders.report', 'orders.dataset', 'feedback.dataset', 'orders.segments'], 'MILLRACE_ROUTE_MISSING'],
    ['a route nobody takes', ['orders.dataset', 'feedback.dataset'], 'MILLRACE_ROUTE_DEAD'],
    ['a route shadowed by an earlier one', ['orders.dataset', 'orders.segments'], 'MILLRACE_ROUTE_DEAD'],
  ])('finds at start-up: %s', (_, tasks, code) => {
    expect(() => router.check(tasks)).toThrow(expect.objectContaining({ code }));
  });

  it('finds a route to a queue that does not exist', () => {
    const wrong = new Router([{ task: '**', queue: 'nowhere' }], [queue('datasets')]);
    expect(() => wrong.check(['a.b'])).toThrow(expect.objectContaining({ code: 'MILLRACE_ROUTE_DEAD' }));
  });
});

describe('globPattern', () => {
  it.each([
    ['*.dataset', 'orders.dataset', true],
    ['*.dataset', 'orders.eu.dataset', false],
    ['**.dataset', 'orders.eu.dataset', true],
    ['orders.*', 'orders.x', true],
    ['orders.*', 'ordersx', false],
    ['orders.d?taset', 'orders.dataset', false],
  ])('%s on %s', (glob, name, matches) => {
    expect(globPattern(glob).test(name)).toBe(matches);
  });
});
