import { signature } from '@millrace/canvas';
import { defineErrors } from '@millrace/kernel';
import { describe, expect, it } from 'vitest';
import { outcomeOf, replace, stepErrorOf } from './outcome.js';

const { error } = defineErrors({ MILLRACE_TEST_FATAL: { retryable: false, help: '' }, MILLRACE_TEST_PASSING: { retryable: true, help: '' } });

describe('outcomeOf', () => {
  it('takes data for data, even when it looks like a canvas', () => {
    expect(outcomeOf({ kind: 'task', task: 'x', args: [] })).toEqual({ kind: 'succeeded', value: { kind: 'task', task: 'x', args: [] } });
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
