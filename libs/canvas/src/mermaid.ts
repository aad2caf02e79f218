import { assertNever } from '@millrace/kernel';
import { type EdgeStyle, Flowchart } from './flowchart.js';
import { isWide, widthOf } from './members.js';
import type { Branch, Canvas, Chunks, Group, OnError } from './signature.js';
import { signaturesOf } from './signatures.js';
import { chunksWords, countText, eachWords, mannerOf, wordsOf } from './wording.js';

/**
 * A canvas as a Mermaid flowchart. A group is a box, a branch a diamond with the names of its cases on the arrows, and
 * what is for an error hangs on a dashed one. Groups of more than 64 and chunks are one node that says how many they are.
 */
export function mermaidOf(canvas: Canvas): string {
  const drawing = new Drawing();
  drawing.draw(canvas);
  return drawing.chart.toString();
}

/** What an arrow can start from. */
type Exit = EdgeStyle & { readonly id: string };

/** Where arrows to what was drawn end, and from where they go on; undefined when there was nothing to draw. */
interface Drawn {
  readonly entry: string;
  readonly exits: readonly Exit[];
}

/** Of a wide group, at most so many tasks are named. */
const mostNamed = 5;

class Drawing {
  readonly chart = new Flowchart();
  #count = 0;

  draw(canvas: Canvas): Drawn | undefined {
    switch (canvas.kind) {
      case 'task':
        return this.#node([wordsOf(canvas)], 'task');
      case 'each':
        return this.#node([eachWords(canvas)], 'several');
      case 'chunks':
        return this.#node([chunksWords(canvas), membersText(canvas)], 'several');
      case 'chain':
        return this.#drawChain(canvas.parts);
      case 'group':
        return this.#drawGroup(canvas);
      case 'chord':
        return this.#drawChain([canvas.header, canvas.body]);
      case 'branch':
        return this.#drawBranch(canvas);
      case 'on-error':
        return this.#drawOnError(canvas);
      default:
        return assertNever(canvas);
    }
  }

  #drawChain(parts: readonly Canvas[]): Drawn | undefined {
    let whole: Drawn | undefined;
    for (const part of parts) {
      const drawn = this.draw(part);
      if (!drawn) continue;
      for (const exit of whole?.exits ?? []) this.chart.edge(exit.id, drawn.entry, exit);
      whole = { entry: whole?.entry ?? drawn.entry, exits: drawn.exits };
    }
    return whole;
  }

  #drawGroup(group: Group): Drawn {
    if (isWide(group)) return this.#node([`group${mannerOf(group)} · ${membersText(group)}`, ...tasksText(group)], 'several');
    return this.#box(`group${mannerOf(group)}`, group.members);
  }

  #drawBranch({ by, cases, otherwise }: Branch): Drawn {
    const { entry } = this.#node([wordsOf(by)], 'decision');
    const exits = [...Object.entries(cases), ...(otherwise ? [['otherwise', otherwise] as const] : [])].flatMap(([label, canvas]) => {
      const drawn = this.draw(canvas);
      if (!drawn) return [{ id: entry, label }];
      this.chart.edge(entry, drawn.entry, { label });
      return drawn.exits;
    });
    return { entry, exits: otherwise ? exits : [...exits, { id: entry, label: 'otherwise' }] };
  }

  #drawOnError({ body, handler }: OnError): Drawn {
    const drawn = this.#box('on error', [body]);
    const handling = this.draw(handler);
    if (handling) this.chart.edge(drawn.entry, handling.entry, { label: 'error', isDashed: true });
    return drawn;
  }

  #node(label: readonly string[], shape: 'task' | 'several' | 'decision' | 'none'): Drawn {
    const id = this.#nextId();
    this.chart.node(id, label, { shape });
    return { entry: id, exits: [{ id }] };
  }

  /** A box around these; a node if there is nothing to put into it, as Mermaid draws no empty boxes. */
  #box(label: string, canvases: readonly Canvas[]): Drawn {
    if (!canvases.some(isDrawn)) return this.#node([`${label} · empty`], 'none');
    const id = this.#nextId();
    this.chart.box(id, label, () => canvases.forEach((canvas) => this.draw(canvas)));
    return { entry: id, exits: [{ id }] };
  }

  #nextId(): string {
    return `n${this.#count++}`;
  }
}

/** Whether there is anything to draw; nothing but chains without parts is not. */
function isDrawn(canvas: Canvas): boolean {
  if (canvas.kind === 'chain') return canvas.parts.some(isDrawn);
  return true;
}

const membersText = (group: Group | Chunks): string => (widthOf(group) === 1 ? '1 member' : `${countText(widthOf(group))} members`);

/** How often each task is among the members. */
function tasksText(group: Group): string[] {
  const counts = new Map<string, number>();
  for (const { task } of signaturesOf(group)) counts.set(task, (counts.get(task) ?? 0) + 1);
  const named = [...counts].slice(0, mostNamed).map(([task, count]) => `${task} ×${countText(count)}`);
  return counts.size > mostNamed ? [...named, `… ${counts.size - mostNamed} more tasks`] : named;
}
