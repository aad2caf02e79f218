import type { DeliveryEnd, FinalRecord, RecordFields, RunHead, RunStatus, RunStore, StepAt, StepSettlement } from '@millrace/run-store';

/** One conditional update of one item. Attribute names are those of the record's fields, `#…` and `:…` as in `names` and `values`. */
export interface Update {
  readonly condition: string;
  readonly update: string;
  readonly names?: Readonly<Record<string, string>>;
  readonly values: RecordFields;
}

/** The end of a run that has at least the rev from which it was worked out. */
export interface KnownEnd {
  readonly final: FinalRecord;
  readonly knownRev: number;
}

const received: RunStatus = 'received';
const running: RunStatus = 'running';
const finalizing: RunStatus = 'finalizing';
const delivering: RunStatus = 'delivering';
const finished: RunStatus = 'finished';

/**
 * How long to keep the run and what lies beside it: `rs`, the run's own retention in seconds, if it has one; `ex`, until
 * when to keep its shards, in seconds since the epoch.
 */
export const keeping = ({ deadlineAt, retentionMs }: RunHead, defaultMs: number): RecordFields => ({
  ...(retentionMs === undefined ? {} : { rs: seconds(retentionMs) }),
  ex: seconds(deadlineAt + (retentionMs ?? defaultMs)),
});

/** `tn` and `ca` put the item into the index of its tenant's runs. */
export const listing = ({ tenant, raw, createdAt }: RunHead, shard: string): RecordFields => (raw ? { tn: listedUnder(tenant, shard), ca: createdAt } : {});

export const listedUnder = (tenant: string, shard: string): string => `${shard} ${tenant}`;

const seconds = (ms: number): number => Math.ceil(ms / 1000);

/** Part of the update of a run that is over. Without `sw` and `sh` an item is in no index; `ttl` is in seconds. */
const over = '#ttl = if_not_exists(rs, :rs) + :end REMOVE sw, sh';
const overNames = { '#ttl': 'ttl' };
const overValues = (endedAt: number, defaultMs: number): RecordFields => ({ ':rs': seconds(defaultMs), ':end': seconds(endedAt) });

export const claim = ({ step, sweepAt }: StepAt): Update => ({
  condition: 'st IN (:received, :running) AND attribute_not_exists(#settlement)',
  update: 'SET st = :running, sw = :sw ADD rv :1, #claims :1',
  names: { '#settlement': `o:${step}`, '#claims': `c:${step}` },
  values: { ':received': received, ':running': running, ':sw': sweepAt, ':1': 1 },
});

export const settle = ({ step, sweepAt }: StepAt, settlement: StepSettlement): Update => ({
  condition: 'st = :running AND attribute_not_exists(#settlement)',
  update: 'SET #settlement = :settlement, sw = :sw ADD rv :1',
  names: { '#settlement': `o:${step}` },
  values: { ':running': running, ':settlement': JSON.stringify(settlement), ':sw': sweepAt, ':1': 1 },
});

/** Refused also when the step that is to be claimed is settled. */
export function settleAndClaim(at: StepAt, settlement: StepSettlement, next: string): Update {
  const { condition, update, names, values } = settle(at, settlement);
  return {
    condition: `${condition} AND attribute_not_exists(#next)`,
    update: `${update}, #claims :1`,
    names: { ...names, '#next': `o:${next}`, '#claims': `c:${next}` },
    values,
  };
}

/** Refused also when the run is older than `knownRev`. */
export const settleAndFinish = ({ step }: StepAt, settlement: StepSettlement, { final, knownRev }: KnownEnd, retentionMs: number): Update => ({
  condition: 'st = :running AND rv >= :known AND attribute_not_exists(#settlement)',
  update: `SET #settlement = :settlement, st = :finished, fi = :final, ${over} ADD rv :1`,
  names: { '#settlement': `o:${step}`, ...overNames },
  values: {
    ':running': running,
    ':settlement': JSON.stringify(settlement),
    ':finished': finished,
    ':final': JSON.stringify(final),
    ':known': knownRev,
    ':1': 1,
    ...overValues(final.frozenAt, retentionMs),
  },
});

const endTry = ({ step, sweepAt }: StepAt, counter: string): Update => ({
  condition: 'st = :running AND attribute_not_exists(#settlement)',
  update: 'SET sw = :sw ADD rv :1, #tries :1',
  names: { '#settlement': `o:${step}`, '#tries': `${counter}:${step}` },
  values: { ':running': running, ':sw': sweepAt, ':1': 1 },
});

export const fail = (at: StepAt): Update => endTry(at, 'f');

export const snooze = (at: StepAt): Update => endTry(at, 'z');

/** A run that is over has no `sw`. `st` is there to come back with the reply. */
export const touch = (sweepAt: number): Update => ({
  condition: 'sw < :sw',
  update: 'SET sw = :sw, st = st',
  values: { ':sw': sweepAt },
});

export const freeze = ({ final, knownRev }: KnownEnd, sweepAt: number): Update => ({
  condition: 'st IN (:received, :running) AND rv >= :known',
  update: 'SET st = :finalizing, fi = :final, sw = :sw ADD rv :1',
  values: { ':received': received, ':running': running, ':finalizing': finalizing, ':final': JSON.stringify(final), ':sw': sweepAt, ':known': knownRev, ':1': 1 },
});

export const end = (status: 'finished' | 'cancelled', { final, knownRev }: KnownEnd, retentionMs: number): Update => ({
  condition: 'st IN (:received, :running) AND rv >= :known',
  update: `SET st = :status, fi = :final, ${over} ADD rv :1`,
  names: overNames,
  values: {
    ':received': received,
    ':running': running,
    ':status': status,
    ':final': JSON.stringify(final),
    ':known': knownRev,
    ':1': 1,
    ...overValues(final.frozenAt, retentionMs),
  },
});

const isFree = 'st = :finalizing OR (st = :delivering AND du <= :now AND (attribute_not_exists(dn) OR dn <= :now))';

export const beginDelivery = ({ now, bodySha256, leaseUntil }: Parameters<RunStore['beginDelivery']>[1]): Update => ({
  condition: isFree,
  update: 'SET st = :delivering, dh = :sha, du = :until, sw = :until REMOVE dn ADD rv :1, da :1',
  values: { ':finalizing': finalizing, ':delivering': delivering, ':now': now, ':sha': bodySha256, ':until': leaseUntil, ':1': 1 },
});

export const putOffDelivery = ({ now, bodySha256, nextAt }: Parameters<RunStore['putOffDelivery']>[1]): Update => ({
  condition: isFree,
  update: 'SET st = :delivering, dh = :sha, da = if_not_exists(da, :0), du = if_not_exists(du, :0), dn = :next, sw = :next ADD rv :1',
  values: { ':finalizing': finalizing, ':delivering': delivering, ':now': now, ':sha': bodySha256, ':next': nextAt, ':0': 0, ':1': 1 },
});

/** Puts the run into partition `sh` of the index of what is due again. */
export const replayDelivery = (sweepAt: number, sh: string): Update => ({
  condition: 'st IN (:delivered, :exhausted, :disabled)',
  update: 'SET st = :delivering, db = da, sw = :sw, sh = :sh REMOVE #ttl ADD rv :1, ep :1',
  names: { '#ttl': 'ttl' },
  values: { ':delivered': 'delivered', ':exhausted': 'exhausted', ':disabled': 'endpoint-disabled', ':delivering': delivering, ':sw': sweepAt, ':sh': sh, ':1': 1 },
});

/** An attempt that has ended has left `du` at 0. */
export function endDelivery({ attempt, entry, status, nextAt }: DeliveryEnd, retentionMs: number): Update {
  const isOver = status !== 'delivering';
  const next = isOver ? `, ${over}, dn` : nextAt === undefined ? '' : ', dn = :next, sw = :next';
  return {
    condition: 'st = :delivering AND da = :attempt AND du > :0',
    update: `SET st = :status, #entry = :entry, du = :0${next} ADD rv :1`,
    names: { '#entry': `g:${attempt}`, ...(isOver ? overNames : {}) },
    values: {
      ':delivering': delivering,
      ':attempt': attempt,
      ':status': status,
      ':entry': JSON.stringify(entry),
      ':0': 0,
      ':1': 1,
      ...(isOver ? overValues(entry.at, retentionMs) : {}),
      ...(!isOver && nextAt !== undefined ? { ':next': nextAt } : {}),
    },
  };
}

export const sweep = ({ now, sweepAt }: Parameters<RunStore['sweep']>[1]): Update => ({
  condition: 'sw <= :now',
  update: 'SET sw = :sw ADD rv :1, ep :1',
  values: { ':now': now, ':sw': sweepAt, ':1': 1 },
});
