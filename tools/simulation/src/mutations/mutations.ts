import type { Invariant } from '../monitor/facts.js';
import type { Wiring } from '../simulate.js';
import type { Edit } from './mutated.js';

/** A bug that the simulation must find: an edit of product code, or a part that is missing. */
export interface Mutation {
  readonly name: string;
  /** What its violation may be; the first one found must be among them. */
  readonly breaks: readonly Invariant[];
  readonly edits?: readonly Edit[];
  readonly wiring?: Wiring;
  /** Default: the product. */
  readonly workload?: 'canvas';
  /** Where it can show. Default: anywhere. */
  readonly profile?: 'redis';
  /** A seed that is tried first, of a mutation that few seeds show. */
  readonly likely?: number;
}

const runStarter = 'libs/engine/src/run-starter.ts';
const journal = 'libs/engine/src/journal.ts';
const progress = 'libs/engine/src/progress.ts';
const worker = 'libs/worker/src/worker.ts';
const stepExecutor = 'libs/worker/src/step-executor.ts';
const finaliser = 'libs/webhooks/src/finaliser.ts';
const callbackDelivery = 'libs/webhooks/src/callback-delivery.ts';

const memoryRunStore = 'libs/testkit/src/memory/memory-run-store.ts';

const storedBody = "if (run.delivery) return { kind: 'frozen', run, body: await this.blobs.get(finalKey(id)) };";

export const mutations: readonly Mutation[] = [
  { name: 'no sweeper', breaks: ['I2', 'I11'], wiring: { noSweeper: true } },
  {
    name: '202 before the commit',
    breaks: ['I1'],
    edits: [
      {
        file: runStarter,
        from: 'const { applied, run } = await this.runs.create(head, nextSweep(head, clock.now(), settings));',
        to: `void this.runs.create(head, nextSweep(head, clock.now(), settings)).catch(() => undefined);
             const applied = true;
             const run: RunRecord = { ...head, status: 'received', rev: 1, epoch: 0, steps: {} };`,
      },
    ],
  },
  {
    name: 'record before data',
    breaks: ['I1'],
    edits: [
      {
        file: journal,
        from: 'const { created } = await this.blobs.putIfAbsent(key, payload.bytes.pipe(measured), { maxBytes: payload.maxBytes + manifest.byteLength });',
        to: `const created = true;
             const entry = Buffer.concat(await payload.bytes.pipe(measured).toArray());
             void this.blobs.putIfAbsent(key, entry).catch(() => undefined);`,
      },
    ],
  },
  {
    name: 'a join counts tries, not members',
    breaks: ['I4', 'I8'],
    edits: [
      {
        file: progress,
        from: 'for (const [step, { settlement }] of Object.entries(record.steps)) {',
        to: `for (const [step, { settlement, failures }] of Object.entries(record.steps)) {
               if (!settlement && failures > 0) settlements.set(step, { status: 'succeeded' });`,
      },
    ],
  },
  {
    name: 'the outcome is made before the freeze',
    breaks: ['I4'],
    likely: 294,
    edits: [
      {
        file: finaliser,
        from: 'const run = there && !there.final ?',
        to: `const early = there && !there.final ? await this.#compose({ ...there, final: { frozenAt: now } }) : undefined;
             const run = there && !there.final ?`,
      },
      { file: finaliser, from: 'const composed = await this.#compose(run);', to: 'const composed = early ?? (await this.#compose(run));' },
    ],
  },
  { name: 'records are read, changed and written back', breaks: ['I5', 'I7'], wiring: { overwrites: true } },
  {
    name: 'no delivery lease',
    breaks: ['I10'],
    edits: [{ file: callbackDelivery, from: 'return begun?.applied ?', to: 'return begun ?' }],
  },
  {
    name: 'ack before work',
    breaks: ['I8'],
    edits: [
      {
        file: worker,
        from: 'return await this.options.executorFor(message).execute(message, this.#executionOf(delivery));',
        to: `void this.options.executorFor(message).execute(message, this.#executionOf(delivery)).catch(() => undefined);
             return { kind: 'ack' };`,
      },
    ],
  },
  {
    name: 'a duplicate does not send again what follows',
    breaks: ['W1'],
    edits: [
      {
        file: stepExecutor,
        from: `hints.send(await followUp.all(run));
    return undefined;`,
        to: 'return undefined;',
      },
    ],
  },
  {
    name: 'a webhook-id for each attempt',
    breaks: ['I3'],
    edits: [{ file: callbackDelivery, from: 'const id = `msg_${run.id}`;', to: 'const id = `msg_${run.id}_${attempt}`;' }],
  },
  {
    name: 'the body is made again for each attempt',
    breaks: ['I3'],
    profile: 'redis',
    edits: [
      { file: finaliser, from: storedBody, to: '' },
      { file: finaliser, from: 'body: created ? composed : await this.blobs.get(finalKey(id))', to: 'body: created ? composed : composed' },
    ],
  },
  {
    name: 'the final body is named after its content',
    breaks: ['I3'],
    profile: 'redis',
    edits: [
      { file: finaliser, from: storedBody, to: storedBody.replace('finalKey(id)', '`${finalKey(id)}-${run.delivery.bodySha256}`') },
      { file: finaliser, from: 'await this.blobs.putIfAbsent(finalKey(id), composed)', to: 'await this.blobs.putIfAbsent(`${finalKey(id)}-${sha256Of(composed)}`, composed)' },
      { file: finaliser, from: 'body: created ? composed : await this.blobs.get(finalKey(id))', to: 'body: created ? composed : composed' },
    ],
  },
  {
    name: 'a callback is believed without a look at the record',
    breaks: ['I4'],
    profile: 'redis',
    likely: 385,
    edits: [{ file: finaliser, from: "if (there && isEarly(there, now)) return { kind: 'early', byMs: there.finaliseAt - now };", to: '' }],
  },
  {
    name: 'a shard counts settlements, not members',
    breaks: ['I4', 'I7'],
    workload: 'canvas',
    edits: [
      {
        file: 'libs/testkit/src/memory/memory-runs.ts',
        from: 'if (before.settlement) return;',
        to: `if (before.settlement) {
               if (change(before, number).settlement !== before.settlement) this.settled++;
               return;
             }`,
      },
    ],
  },
  {
    name: 'artifacts are named after their claim alone',
    breaks: ['I2', 'I4'],
    profile: 'redis',
    likely: 225,
    edits: [{ file: 'libs/engine/src/artifact-store.ts', from: 'key: `${key}-${sha256.slice(0, 16)}`', to: 'key' }],
  },
  {
    name: 'a step is run whether or not it is ready',
    breaks: ['I4', 'I8'],
    profile: 'redis',
    workload: 'canvas',
    likely: 145,
    edits: [{ file: stepExecutor, from: ' && isReady(run, message.step)) return', to: ') return' }],
  },
  {
    name: 'a snooze is not written',
    breaks: ['I8'],
    workload: 'canvas',
    edits: [{ file: stepExecutor, from: 'const changed = await runs[counted](', to: "const changed = counted === 'snooze' ? undefined : await runs[counted](" }],
  },
  {
    name: 'an attempt begins before its time',
    breaks: ['I10'],
    likely: 100,
    edits: [{ file: memoryRunStore, from: ' && nextAt <= now', to: '' }],
  },
  {
    name: 'a run is ended whatever its record has come to',
    breaks: ['I4'],
    profile: 'redis',
    workload: 'canvas',
    likely: 345,
    edits: [{ file: memoryRunStore, from: 'if (finish && run.rev >= knownRev)', to: 'if (finish)' }],
  },
  { name: 'a failover without the journal', breaks: ['I1'], profile: 'redis', wiring: { noJournal: true } },
];
