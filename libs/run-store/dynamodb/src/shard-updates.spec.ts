import type { StepSettlement } from '@millrace/run-store';
import { describe, expect, test } from 'vitest';
import { changeMembers, type MemberUpdate } from './shard-updates.js';

const settlement: StepSettlement = { status: 'succeeded', result: { inline: 1 }, timing: { claimedAt: 1, settledAt: 2, handlerMs: 1 } };
const whole = (change: (member: number) => MemberUpdate) => changeMembers(new Map(Array.from({ length: 128 }, (_, member) => [member, change(member)])), 1_767_225_600);

describe('an update of a full shard', () => {
  test.each<[string, (member: number) => MemberUpdate]>([
    ['claims', () => 'claim'],
    ['failed tries', () => 'failed-try'],
    ['snoozed tries', () => 'snoozed-try'],
    ['settlements', () => settlement],
    ['settlements and failed tries', (member) => (member % 2 ? settlement : 'failed-try')],
  ])('of %s is within the limits of DynamoDB that the emulator does not know', (_, change) => {
    const { condition, update } = whole(change);
    expect(Buffer.byteLength(condition)).toBeLessThanOrEqual(4096);
    expect(Buffer.byteLength(update)).toBeLessThanOrEqual(4096);
    expect(condition.match(/attribute_not_exists|AND/g)?.length).toBeLessThanOrEqual(300);
  });
});
