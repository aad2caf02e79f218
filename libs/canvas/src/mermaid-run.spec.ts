import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { branch, chain, chord, chunks, group, onError, quorum, signature } from './builders.js';
import { callsFor, countedBy } from './commands.js';
import { mermaidOfRun } from './mermaid-run.js';
import { replay } from './replay.js';
import { planStep, type Run, type Settlement } from './run.js';
import type { Canvas } from './signature.js';
import { happensBefore } from './test/happens-before.js';
import { type DrawnChart, readChart, reachable } from './test/mermaid-grammar.js';
import { randomCanvas, smallCanvas } from './test/random-canvas.js';
import { readCanvas } from './test/read-canvas.js';

const a = signature('a');
const b = signature('b');
const succeeded = { status: 'succeeded' } as const;
const failed = { status: 'failed' } as const;
const after = (canvas: Canvas, settlements: Readonly<Record<string, Settlement>>) => replay(canvas, new Map(Object.entries(settlements)));
/** The drawing without its first line and the looks of its styles. */
const drawn = (run: Run, note?: (step: string) => string | undefined) => mermaidOfRun(run, note).split('\n').slice(1, -1).map((line) => line.slice(2)).filter((line) => !line.startsWith('classDef'));

describe('mermaidOfRun', () => {
  it('draws steps with their states and notes', () => {
    const run = after(chain(signature('a', 1), b), { 0: succeeded });
    expect(drawn(run, (step) => (step === '0' ? '2 attempts' : undefined))).toEqual(['s0["a(1)<br/>0 · succeeded<br/>2 attempts"]:::succeeded', 's1["b<br/>1 · ready"]:::ready', 's0 --> s1']);
  });

  it('draws what took the place of a step in a box with it', () => {
    const run = after(chain(a, b), { 0: { status: 'replaced', canvas: group([signature('x'), signature('y')]) }, '0.1': failed });
    expect(drawn(run)).toEqual([
      'subgraph in0["0 a"]',
      '  s0["a<br/>0 · replaced"]:::replaced',
      '  s0_0["x<br/>0.0 · ready"]:::ready',
      '  s0_1["y<br/>0.1 · failed"]:::failed',
      '  s0 -->|"gave way to"| s0_0',
      '  s0 -->|"gave way to"| s0_1',
      'end',
      's1["b<br/>1 · waiting"]:::waiting',
      'in0 --> s1',
    ]);
  });

  it('names the case that a branch chose', () => {
    const canvas = branch(a, { 'so big': b }, signature('c'));
    expect(drawn(after(canvas, {}))).toEqual(['s0{"a<br/>0 · ready"}:::ready']);
    expect(drawn(after(canvas, { 0: { status: 'chosen', case: 'so big' } }))).toContain('  s0 -->|"so big"| s0_0');
    expect(drawn(after(canvas, { 0: { status: 'chosen', case: null } }))).toContain('  s0 -->|"otherwise"| s0_0');
  });

  it('draws joins as circles, with what they wait for', () => {
    const run = after(chord(group([a, group([b, b], 'collect')], { policy: quorum(1), deadlineMs: 500 }), b), { 0: succeeded, 1: failed });
    expect(drawn(run)).toEqual([
      's0["a<br/>0 · succeeded"]:::succeeded',
      's1["b<br/>1 · failed"]:::failed',
      's2["b<br/>2 · ready"]:::ready',
      's3["b<br/>3 · waiting"]:::waiting',
      'sg0(("quorum 1, 500 ms<br/>g0 · waiting")):::waiting',
      'sg1(("collect<br/>g1 · waiting")):::waiting',
      'sg0 --> s3',
      's0 --> sg0',
      'sg1 --> sg0',
      's1 --> sg1',
      's2 --> sg1',
    ]);
  });

  it('lets many meet in a point before many go on', () => {
    const run = after(chain(group([a, a]), group([b, b])), {});
    expect(drawn(run).slice(4)).toEqual(['sl1(("all"))', 's0 --> sl1', 's1 --> sl1', 'sl1 --> s2', 'sl1 --> s3']);
  });

  it('hangs the handler of an error on a dashed arrow', () => {
    expect(drawn(after(onError(a, b), { 0: failed }))).toEqual([
      's0["a<br/>0 · failed"]:::failed',
      's1["b<br/>1 · ready"]:::ready',
      'se0(("on error<br/>e0 · waiting")):::waiting',
      's0 --> se0',
      's1 -.-> se0',
      's0 -.->|"error"| s1',
    ]);
  });

  it('draws the shards of a wide group', () => {
    expect(drawn(after(chunks(a, { from: 0, to: 200 }, 1), {}))).toEqual(['s0[["a … 128 members<br/>0 · ready"]]:::ready', 's1[["a … 72 members<br/>1 · ready"]]:::ready']);
  });

  it('draws every step and join once, as it stands, at any moment of any run', () => {
    fc.assert(
      fc.property(randomCanvas, smallCanvas, fc.array(fc.nat(), { maxLength: 12 }), (canvas, inner, picks) => {
        const run = played(canvas, inner, picks);
        const chart = readChart(mermaidOfRun(run));
        const nodes = chart.nodes.flatMap(({ lines, style }) => (style === undefined ? [] : [[lines[1], style]]));
        const states = [...run.steps].map(([id, { status }]) => [`${id} · ${status}`, status]);
        expect(nodes.toSorted()).toEqual(states.toSorted());
        const steps = run.plans.flatMap((plan) => [...plan.steps.values()]);
        for (const { id, signature } of steps) expect(nodeOf(chart, id)?.lines[0]).toMatch(new RegExp(`\\b${signature.task}\\b`));
        for (const [step, plan] of run.replacements) for (const id of plan.steps.keys()) expect(boxesAround(chart, id)).toContain(`${step} ${planStep(run, step)?.signature.task}`);
      }),
      { numRuns: 400 },
    );
  });

  it('draws the order of the canvas and no other', () => {
    fc.assert(
      fc.property(randomCanvas, smallCanvas, fc.array(fc.nat(), { maxLength: 6 }), (canvas, inner, picks) => {
        const run = played(canvas, inner, picks);
        const chart = readChart(mermaidOfRun(run));
        const leads = reachable(chart);
        const own = [...(run.plans[0]?.steps.keys() ?? [])];
        const order = new Set(happensBefore(readCanvas(canvas, [])).map(([first, second]) => `${first} ${second}`));
        for (const first of own) {
          for (const second of own) {
            const isDrawn = leads.get(nodeOf(chart, first)?.id ?? '')?.has(nodeOf(chart, second)?.id ?? '');
            expect(isDrawn, `${first} to ${second}`).toBe(order.has(`${first} ${second}`));
          }
        }
      }),
      { numRuns: 300 },
    );
  });
});

const nodeOf = ({ nodes }: DrawnChart, id: string) => nodes.find(({ lines }) => lines[1]?.startsWith(`${id} · `));

function boxesAround(chart: DrawnChart, id: string): readonly string[] {
  const labels: string[] = [];
  for (let box = nodeOf(chart, id)?.box; box !== undefined; ) {
    const around = chart.boxes.find((each) => each.id === box);
    labels.push(around?.label ?? '');
    box = around?.box;
  }
  return labels;
}

/** A run some way along: what it calls for is settled, in the order and with the outcomes that the picks say. */
function played(canvas: Canvas, inner: Canvas, picks: readonly number[]): Run {
  const settlements = new Map<string, Settlement>();
  for (const pick of picks) {
    const run = replay(canvas, settlements);
    const calls = callsFor(run).filter((command) => command.type !== 'finish');
    const call = calls[pick % Math.max(1, calls.length)];
    if (!call) break;
    if (call.type === 'join') settlements.set(call.step, { status: 'joined', counted: countedBy(run, call.step), rest: call.rest });
    else settlements.set(call.step, settlementOf(run, call.step, inner, pick >> 4));
  }
  return replay(canvas, settlements);
}

function settlementOf(run: Run, step: string, inner: Canvas, pick: number): Settlement {
  const { branch, shard } = planStep(run, step) ?? {};
  if (branch) return { status: 'chosen', case: [null, ...Object.keys(branch.cases)][pick % (1 + Object.keys(branch.cases).length)] ?? null };
  if (pick % 4 === 0 && !shard) return { status: 'replaced', canvas: structuredClone(inner) };
  return pick % 4 === 1 ? failed : succeeded;
}
