import fc from 'fast-check';
import { type Canvas, chain, chord, group, signature } from '../signature.js';

/** Any nesting of small canvases; every signature carries a name of its own, `t0`, `t1`, … in the canvas's order. */
export const randomCanvas: fc.Arbitrary<Canvas> = fc
  .letrec<{ canvas: Canvas }>((tie) => {
    const members = fc.array(tie('canvas'), { maxLength: 4 });
    const anyGroup = fc.tuple(members, fc.constantFrom('all' as const, 'collect' as const)).map(([parts, policy]) => group(parts, policy));
    return {
      canvas: fc.oneof(
        { maxDepth: 4, withCrossShrink: true },
        fc.constant(signature('t')),
        fc.array(tie('canvas'), { maxLength: 4 }).map((parts) => chain(...parts)),
        anyGroup,
        fc.tuple(anyGroup, tie('canvas')).map(([header, body]) => chord(header, body)),
      ),
    };
  })
  .canvas.map(named);

function named(canvas: Canvas): Canvas {
  let count = 0;
  const visit = (c: Canvas): Canvas => {
    switch (c.kind) {
      case 'task':
        return signature(`t${count++}`);
      case 'chain':
        return chain(...c.parts.map(visit));
      case 'group':
        return group(c.members.map(visit), c.policy);
      case 'chord': {
        const header = visit(c.header);
        return chord(header as typeof c.header, visit(c.body));
      }
    }
  };
  return visit(canvas);
}
