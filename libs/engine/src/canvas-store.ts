import { type Canvas, immutable } from '@millrace/canvas';
import type { ArtifactRef } from '@millrace/contracts';
import type { RunRecord, StepRecord } from '@millrace/run-store';
import { type ArtifactStore, sha256Of } from './artifact-store.js';
import { canvasKey } from './keys.js';

/** Stands in a record for a canvas that is too large for it; its argument says where the canvas lies. */
const standIn = 'millrace.stored-canvas';

/** A canvas of at most this many bytes of JSON lies in the record. */
const inlineBytes = 16 * 1024;

const mostKept = 64;

/** Puts large canvases into the blob store and takes them out again; those used last are kept in memory, compiled. */
export class CanvasStore {
  readonly #kept = new Map<string, Promise<Canvas>>();
  readonly #restored = new WeakMap<RunRecord, Promise<RunRecord>>();

  constructor(private readonly artifacts: ArtifactStore) {}

  /** The canvas itself when it is small, else what stands for it. */
  async store(canvas: Canvas): Promise<Canvas> {
    const bytes = Buffer.from(JSON.stringify(canvas));
    if (bytes.byteLength <= inlineBytes) return canvas;
    const sha256 = sha256Of(bytes);
    const ref = await this.artifacts.write(canvasKey(sha256), bytes, 'application/json');
    this.#keep(sha256, Promise.resolve(canvas));
    return immutable(standIn, ref);
  }

  /** The record with its canvases as they were stored; the same for the same record. */
  restore(record: RunRecord): Promise<RunRecord> {
    const restored = this.#restored.get(record) ?? this.#restore(record);
    this.#restored.set(record, restored);
    return restored;
  }

  async #restore(record: RunRecord): Promise<RunRecord> {
    const canvas = await this.#load(record.canvas);
    const steps = await Promise.all(Object.entries(record.steps).map(async ([id, step]) => [id, await this.#restoreStep(step)] as const));
    return { ...record, canvas, steps: Object.fromEntries(steps) };
  }

  async #restoreStep(step: StepRecord): Promise<StepRecord> {
    const { settlement } = step;
    if (settlement?.status !== 'replaced' || !isStandIn(settlement.canvas)) return step;
    return { ...step, settlement: { ...settlement, canvas: await this.#load(settlement.canvas) } };
  }

  async #load(canvas: Canvas): Promise<Canvas> {
    if (!isStandIn(canvas)) return canvas;
    const ref = canvas.args[0] as ArtifactRef;
    return this.#kept.get(ref.sha256) ?? this.#keep(ref.sha256, this.#read(ref));
  }

  async #read(ref: ArtifactRef): Promise<Canvas> {
    return JSON.parse(new TextDecoder().decode(await this.artifacts.read(ref))) as Canvas;
  }

  #keep(sha256: string, canvas: Promise<Canvas>): Promise<Canvas> {
    this.#kept.set(sha256, canvas);
    canvas.catch(() => this.#kept.delete(sha256));
    const [oldest] = this.#kept.keys();
    if (this.#kept.size > mostKept && oldest !== undefined) this.#kept.delete(oldest);
    return canvas;
  }
}

/** Whether a record needs to be restored before it can be used. */
export const hasStandIn = (record: RunRecord): boolean =>
  isStandIn(record.canvas) || Object.values(record.steps).some(({ settlement }) => settlement?.status === 'replaced' && isStandIn(settlement.canvas));

const isStandIn = (canvas: Canvas): canvas is Extract<Canvas, { kind: 'task' }> => canvas.kind === 'task' && canvas.task === standIn;
