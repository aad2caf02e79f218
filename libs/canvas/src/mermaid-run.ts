import { Flowchart, type Shape } from './flowchart.js';
import type { Latch, Plan, PlanJoin, PlanStep, StepId } from './plan.js';
import type { Run, StepState } from './run.js';
import { eachWords, wordsOf } from './wording.js';

/** More to say about a step, such as its attempts or how long it took. */
export type StepNote = (step: StepId) => string | undefined;

const styles: Readonly<Record<StepState['status'], string>> = {
  waiting: 'fill:#f5f5f5,stroke:#9e9e9e,color:#424242',
  ready: 'fill:#e3f2fd,stroke:#1565c0,color:#0d2f5e',
  succeeded: 'fill:#e8f5e9,stroke:#2e7d32,color:#14401a',
  replaced: 'fill:#f3e5f5,stroke:#6a1b9a,color:#3b0f57',
  failed: 'fill:#ffebee,stroke:#c62828,color:#6d1212',
  skipped: 'fill:#fafafa,stroke:#bdbdbd,color:#757575,stroke-dasharray:4 3',
  late: 'fill:#fff3e0,stroke:#ef6c00,color:#6b3000',
  revoked: 'fill:#fbe9e7,stroke:#8d6e63,color:#4e342e,stroke-dasharray:4 3',
};

/**
 * A run as it stands, as a Mermaid flowchart: every step with its id and state, by which it is coloured. What took the
 * place of a step, or the case that a branch chose, is drawn in a box with that step. Circles are joins.
 */
export function mermaidOfRun(run: Run, noteOf: StepNote = () => undefined): string {
  const drawing = new RunDrawing(run, noteOf);
  if (run.plans[0]) drawing.draw(run.plans[0]);
  for (const status of drawing.drawn) drawing.chart.style(status, styles[status]);
  return drawing.chart.toString();
}

class RunDrawing {
  readonly chart = new Flowchart();
  readonly drawn = new Set<StepState['status']>();

  constructor(
    private readonly run: Run,
    private readonly noteOf: StepNote,
  ) {}

  draw(plan: Plan): void {
    for (const step of plan.steps.values()) this.#drawStep(step);
    for (const join of plan.joins.values()) this.#drawJoin(join, plan.latches.get(join.settledBy));
    for (const latch of plan.latches.values()) this.#drawLatch(latch, plan);
  }

  #drawStep(step: PlanStep): void {
    const inner = this.run.replacements.get(step.id);
    if (!inner) return this.#drawNode(step.id, wordsOfStep(step), shapeOf(step));
    const settlement = this.run.settled.get(step.id);
    const label = settlement?.status === 'chosen' ? (settlement.case ?? 'otherwise') : 'gave way to';
    this.chart.box(boxId(step.id), `${step.id} ${step.signature.task}`, () => {
      this.#drawNode(step.id, wordsOfStep(step), shapeOf(step));
      this.draw(inner);
      for (const first of inner.entry) this.chart.edge(nodeId(step.id), nodeId(first), { label });
    });
  }

  #drawJoin({ id }: PlanJoin, latch: Latch | undefined): void {
    this.#drawNode(id, latch ? joinWords(latch) : 'all', 'join');
  }

  #drawNode(id: StepId, words: string, shape: Shape): void {
    const status = this.run.steps.get(id)?.status ?? 'waiting';
    const note = this.noteOf(id);
    this.drawn.add(status);
    this.chart.node(nodeId(id), [words, `${id} · ${status}`, ...(note === undefined ? [] : [note])], { shape, style: status });
  }

  #drawLatch(latch: Latch, plan: Plan): void {
    const { waits, releases, settles, like, rescues } = latch;
    if (settles !== undefined && plan.joins.has(settles)) {
      if (like !== undefined) this.chart.edge(this.#exitOf(like), nodeId(settles));
      for (const step of waits) this.chart.edge(this.#exitOf(step), nodeId(settles), { isDashed: like !== undefined });
    } else if (rescues) {
      this.#drawEdges(waits, releases, { label: 'error', isDashed: true });
    } else if (waits.length > 1 && (releases.length > 1 || latch.policy !== 'all')) this.#drawMeeting(latch);
    else this.#drawEdges(waits, releases);
  }

  /** Everything leads to a point, and from there on, where else there would be an arrow for every pair. */
  #drawMeeting(latch: Latch): void {
    if (latch.releases.length === 0) return;
    this.chart.node(nodeId(latch.id), [joinWords(latch)], { shape: 'join' });
    for (const step of latch.waits) this.chart.edge(this.#exitOf(step), nodeId(latch.id));
    for (const step of latch.releases) this.chart.edge(nodeId(latch.id), nodeId(step));
  }

  #drawEdges(from: readonly StepId[], to: readonly StepId[], style = {}): void {
    for (const a of from) for (const b of to) this.chart.edge(this.#exitOf(a), nodeId(b), style);
  }

  /** An arrow from a step that gave way starts at the box around what took its place. */
  #exitOf(id: StepId): string {
    return this.run.replacements.has(id) ? boxId(id) : nodeId(id);
  }
}

const nodeId = (id: string): string => `s${id.replaceAll('.', '_')}`;
const boxId = (id: StepId): string => `in${id.replaceAll('.', '_')}`;

const shapeOf = ({ branch, items, shard }: PlanStep): Shape => (branch ? 'decision' : items || shard ? 'several' : 'task');

function wordsOfStep({ signature, items, spread, shard }: PlanStep): string {
  const words = items ? eachWords({ kind: 'each', task: signature, items, ...(spread && { spread }) }) : wordsOf(signature);
  return shard ? `${words} … ${shard.count} members` : words;
}

function joinWords({ policy, deadlineMs, like }: Latch): string {
  if (like !== undefined) return 'on error';
  const words = typeof policy === 'object' ? `quorum ${policy.quorum}` : policy;
  return deadlineMs === undefined ? words : `${words}, ${deadlineMs} ms`;
}
