import { signature } from '@millrace/canvas';
import { defineErrors } from '@millrace/kernel';
import { describe, expect, it } from 'vitest';
import { askedDelayMs, ignore, outcomeOf, reject, replace, retry, snooze, stepErrorOf } from './outcome.js';

const { error } = defineErrors({ MILLRACE_TEST_FATAL: { retryable: false, help: '' }, MILLRACE_TEST_PASSING: { retryable: true, help: '' } });

describe('outcomeOf', () => {
  it('takes data for data, even when it looks like a canvas', () => {
    expect(outcomeOf({ kind: 'task', task: 'x', args: [] })).toEqual({ kind: 'succeeded', value: { kind: 'task', task: 'x', args: [] } });
  });

  it('takes a verdict for what it says', () => {
    expect(outcomeOf(retry('busy', { afterMs: 500 }))).toEqual({ kind: 'retry', error: { code: 'MILLRACE_TASK_RETRY', message: 'busy', retryable: true }, afterMs: 500 });
    expect(outcomeOf(reject('no such customer'))).toEqual({ kind: 'rejected', error: { code: 'MILLRACE_TASK_REJECTED', message: 'no such customer', retryable: false } });
    expect(outcomeOf(ignore('already paid'))).toEqual({ kind: 'ignored', reason: 'already paid' });
    expect(outcomeOf(snooze(2_000))).toEqual({ kind: 'snoozed', delayMs: 2_000 });
  });

  it('takes a replacement for one', () => {
    expect(outcomeOf(replace(signature('x.y')))).toEqual({ kind: 'replaced', canvas: signature('x.y') });
  });
});

describe('stepErrorOf', () => {
  it('keeps code and retryability of a catalogue error', () => {
    expect(stepErrorOf(error('MILLRACE_TEST_FATAL', 'no'))).toMatchObject({ code: 'MILLRACE_TEST_FATAL', message: 'no', retryable: false });
    expect(stepErrorOf(error('MILLRACE_TEST_PASSING', 'later')).retryable).toBe(true);
  });

  it('takes anything else for a passing fault', () => {
    expect(stepErrorOf(new Error('boom'))).toEqual({ code: 'MILLRACE_TASK_THREW', message: 'boom', retryable: true });
    expect(stepErrorOf('boom').message).toBe('boom');
  });
});

describe('a policy’s rules', () => {
  class GatewayError extends Error {
    override name = 'GatewayError';
  }
  const fatal = error('MILLRACE_TEST_FATAL', 'no');
  const isRetryable = (thrown: unknown, rules: Parameters<typeof stepErrorOf>[1]) => stepErrorOf(thrown, rules).retryable;

  it('name errors by class, name or code, and make the others final that carry no code', () => {
    for (const rule of [GatewayError, 'GatewayError']) {
      expect(isRetryable(new GatewayError('busy'), { retryOn: [rule] })).toBe(true);
      expect(isRetryable(new TypeError('bug'), { retryOn: [rule] })).toBe(false);
      expect(isRetryable(new GatewayError('gone'), { failOn: [rule] })).toBe(false);
      expect(isRetryable(new TypeError('bug'), { failOn: [rule] })).toBe(true);
    }
    expect(isRetryable(fatal, { retryOn: ['MILLRACE_TEST_FATAL'] })).toBe(true);
    expect(isRetryable(error('MILLRACE_TEST_PASSING', 'later'), { retryOn: [GatewayError] })).toBe(true);
  });

  it('let what is final win', () => {
    expect(isRetryable(new GatewayError('gone'), { retryOn: [Error], failOn: [GatewayError] })).toBe(false);
  });
});

describe('askedDelayMs', () => {
  it('is what an error asks for, wherever it says so', () => {
    expect(askedDelayMs(stepErrorOf(Object.assign(new Error('busy'), { retryAfterMs: 750 })))).toBe(750);
    expect(askedDelayMs(stepErrorOf(error('MILLRACE_TEST_PASSING', 'later', { detail: { retryAfterMs: 20 } })))).toBe(20);
    expect(askedDelayMs(stepErrorOf(new Error('busy')))).toBe(0);
    expect(askedDelayMs(stepErrorOf(Object.assign(new Error('busy'), { retryAfterMs: 'soon' })))).toBe(0);
  });
});
