import { bullmqCanvas } from './canvas/bullmq-canvas.js';
import { canvasMeasures, memberMeasures } from './canvas/canvas-figures.js';
import { millraceCanvas } from './canvas/millrace-canvas.js';
import { playCanvas } from './canvas/play-canvas.js';
import type { CanvasSystem } from './canvas/system.js';
import type { CompareOptions } from './compare-options.js';
import type { Measure } from './comparison-lines.js';
import { bullmqSystem } from './pipelines/bullmq-system.js';
import { celerySystem } from './pipelines/celery-system.js';
import { millraceSystem } from './pipelines/millrace-system.js';
import { pipelineMeasures } from './pipelines/pipeline-figures.js';
import { playPipelines } from './pipelines/play-pipelines.js';
import type { PipelineSystem } from './pipelines/system.js';
import type { Sample } from './summary.js';
import type { Turn } from './turns.js';

/** Systems that do the same, and what is told of them. */
export interface Comparison {
  readonly measures: readonly Measure[];
  /** Makes a system ready for all its turns. Resolves to why it cannot run here, or to undefined. */
  prepare(system: string): Promise<string | undefined>;
  play(turn: Turn, options: CompareOptions): Promise<Sample[]>;
}

const pipelineSystems: Readonly<Record<string, PipelineSystem>> = { millrace: millraceSystem, bullmq: bullmqSystem, celery: celerySystem };
const canvasSystems: Readonly<Record<string, CanvasSystem>> = { millrace: millraceCanvas, bullmq: bullmqCanvas };

export const comparisons: Readonly<Record<CompareOptions['kind'], Comparison>> = {
  pipelines: {
    measures: pipelineMeasures,
    prepare: (system) => named(pipelineSystems, system).prepare(),
    play: (turn, options) => playPipelines(named(pipelineSystems, turn.system), turn, options),
  },
  canvas: {
    measures: [...canvasMeasures, ...memberMeasures],
    prepare: async () => undefined,
    play: (turn, options) => playCanvas(named(canvasSystems, turn.system), turn, options),
  },
};

function named<T>(systems: Readonly<Record<string, T>>, name: string): T {
  const found = systems[name];
  if (found === undefined) throw new RangeError(`there is no system ${name}`);
  return found;
}
