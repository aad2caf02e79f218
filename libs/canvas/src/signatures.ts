import { assertNever } from '@millrace/kernel';
import type { Canvas, Signature } from './signature.js';

/** Every signature of a canvas, in its order, whether it is sure to be called or not. One for all calls of a map or chunks. */
export function* signaturesOf(canvas: Canvas): Iterable<Signature> {
  if (canvas.kind === 'task') yield canvas;
  if (canvas.kind === 'each' || canvas.kind === 'chunks') yield canvas.task;
  if (canvas.kind === 'branch') yield canvas.by;
  for (const inner of canvasesIn(canvas)) yield* signaturesOf(inner);
}

/** The canvases that a canvas is made of. */
export function canvasesIn(canvas: Canvas): readonly Canvas[] {
  switch (canvas.kind) {
    case 'task':
    case 'each':
    case 'chunks':
      return [];
    case 'chain':
      return canvas.parts;
    case 'group':
      return canvas.members;
    case 'chord':
      return [canvas.header, canvas.body];
    case 'branch':
      return [...Object.values(canvas.cases), ...(canvas.otherwise ? [canvas.otherwise] : [])];
    case 'on-error':
      return [canvas.body, canvas.handler];
    default:
      return assertNever(canvas);
  }
}
