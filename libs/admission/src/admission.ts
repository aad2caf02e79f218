import type { Clock, Random } from '@millrace/kernel';
import { admissionErrors } from './errors.js';
import type { LoadSnapshot } from './load.js';

export interface AdmissionRequest {
  readonly tenant: string;
  readonly budgetMs: number;
  /** Ingestions the tenant may have under way; absent: no limit but that of a fair share. */
  readonly maxInFlight?: number | undefined;
  /** The caller does not mind when it ends. */
  readonly isUrgent: boolean;
}

export interface Refusal {
  readonly code: 'MILLRACE_OVERLOADED' | 'MILLRACE_TENANT_BUSY';
  readonly message: string;
  /** 1 to 30. */
  readonly retryAfterSeconds: number;
}

/** So many may be under way however slow things seem: too few to tell a rate from. */
const alwaysAdmitted = 24;
/** Ends each second that are assumed while those seen say nothing of what can be done. */
const assumedPerSecond = 20;
/** So long there must have been enough to do before the rate of ends tells what can be done, and not what was asked for. */
const tellingAfterMs = 5_000;
/** Of the budget, what the predicted time may take: the slowest are slower than the mean by about as much as is left. */
const target = 0.5;
/** Of what can be under way, the most that one tenant may have, so that others find room. */
const tenantShare = 0.8;
/** How far above what is let in otherwise, for a tenant that has less than its fair share. */
const reserve = 1.25;

/**
 * Whether one more ingestion can end within its budget. By Little's law (L = λW, https://en.wikipedia.org/wiki/Little%27s_law)
 * what is under way takes `inFlight / endsPerSecond` seconds to end, and so does one that joins it at the end.
 */
export class Admission {
  #crowdedSince: number | undefined;

  constructor(
    private readonly load: { snapshot(): LoadSnapshot },
    private readonly deps: { readonly clock: Clock; readonly random: Random },
  ) {}

  /** Undefined: admitted. */
  refusalOf({ tenant, budgetMs, maxInFlight = Infinity, isUrgent }: AdmissionRequest): Refusal | undefined {
    const { inFlight, total, endsPerSecond } = this.load.snapshot();
    const own = inFlight.get(tenant) ?? 0;
    const perSecond = this.#perSecond(total, endsPerSecond);
    if (own >= maxInFlight) return this.#busy(tenant, { own, most: maxInFlight, endsPerSecond: (endsPerSecond * own) / Math.max(total, 1) });
    if (!isUrgent || total < alwaysAdmitted) return undefined;
    const most = Math.max(alwaysAdmitted, (perSecond * budgetMs * target) / 1_000);
    const tenants = inFlight.size + (own === 0 ? 1 : 0);
    if (total >= (own * tenants < most ? most * reserve : most)) return this.#overloaded(total, most, perSecond);
    if (own >= most * tenantShare) return this.#busy(tenant, { own, most: most * tenantShare, endsPerSecond: perSecond });
    return undefined;
  }

  /** What can be done each second: what has been, once there was enough to do for long enough. */
  #perSecond(total: number, endsPerSecond: number): number {
    const now = this.deps.clock.now();
    this.#crowdedSince = total < alwaysAdmitted ? undefined : (this.#crowdedSince ?? now);
    const isTelling = this.#crowdedSince !== undefined && now - this.#crowdedSince >= tellingAfterMs;
    return isTelling ? endsPerSecond || assumedPerSecond : Math.max(endsPerSecond, assumedPerSecond);
  }

  #overloaded(total: number, most: number, endsPerSecond: number): Refusal {
    const message = `${total} ingestions are under way and ${endsPerSecond.toFixed(0)} end each second, so this one would end too late`;
    return { code: 'MILLRACE_OVERLOADED', message, retryAfterSeconds: this.#after(total - most, endsPerSecond) };
  }

  #busy(tenant: string, { own, most, endsPerSecond }: { own: number; most: number; endsPerSecond: number }): Refusal {
    const message = `tenant ${tenant} has ${own} ingestions under way, and may have ${Math.floor(most)} at the moment`;
    return { code: 'MILLRACE_TENANT_BUSY', message, retryAfterSeconds: this.#after(own - most, endsPerSecond) };
  }

  /** Until so many more have ended, ± 20 % so that those who are told do not all come back at once. */
  #after(excess: number, perSecond: number): number {
    const seconds = (excess + 1) / Math.max(perSecond, 0.1);
    return Math.min(30, Math.max(1, Math.ceil(seconds * (0.8 + 0.4 * this.deps.random.next()))));
  }
}

/** A refusal as an error, for those who would rather throw. */
export const refusalError = ({ code, message, retryAfterSeconds }: Refusal): Error => admissionErrors.error(code, message, { detail: { retryAfterSeconds } });
