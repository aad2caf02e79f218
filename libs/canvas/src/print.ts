import { assertNever } from '@millrace/kernel';
import type { Canvas } from './signature.js';
import { chunksWords, countText, eachWords, mannerOf, nameText, wordsOf } from './wording.js';

/** Of a larger group, so many members are shown, and how many more there are. */
const mostMembersShown = 12;

/**
 * A canvas for people to read: `chain(orders.dataset(1, "x") → group[collect](a, b) → body)`. On one line if that is at
 * most `width` characters long, else with one part to a line, indented. Long arguments and large groups are shortened.
 */
export const printCanvas = (canvas: Canvas, width = 100): string => lines(textOf(canvas), width).join('\n');

/** Text that cannot be broken, or parts that may stand on lines of their own. */
type Text = string | { readonly open: string; readonly parts: readonly Text[]; readonly joint: ', ' | ' → ' };

function textOf(canvas: Canvas): Text {
  switch (canvas.kind) {
    case 'task':
      return wordsOf(canvas);
    case 'each':
      return eachWords(canvas);
    case 'chunks':
      return chunksWords(canvas);
    case 'chain':
      return { open: 'chain(', parts: canvas.parts.map(textOf), joint: ' → ' };
    case 'group':
      return { open: `group${mannerOf(canvas)}(`, parts: membersText(canvas.members), joint: ', ' };
    case 'chord':
      return { open: 'chord(', parts: [textOf(canvas.header), textOf(canvas.body)], joint: ' → ' };
    case 'branch':
      return { open: 'branch(', parts: [wordsOf(canvas.by), ...casesText(canvas)], joint: ', ' };
    case 'on-error':
      return { open: 'onError(', parts: [textOf(canvas.body), textOf(canvas.handler)], joint: ', ' };
    default:
      return assertNever(canvas);
  }
}

function membersText(members: readonly Canvas[]): Text[] {
  const more = members.length - mostMembersShown;
  const shown = members.slice(0, mostMembersShown).map(textOf);
  return more > 0 ? [...shown, `… ${countText(more)} more`] : shown;
}

const casesText = ({ cases, otherwise }: Extract<Canvas, { kind: 'branch' }>): Text[] => [
  ...Object.entries(cases).map(([name, canvas]) => labelled(nameText(name), canvas)),
  ...(otherwise ? [labelled('otherwise', otherwise)] : []),
];

function labelled(label: string, canvas: Canvas): Text {
  const text = textOf(canvas);
  return typeof text === 'string' ? `${label}: ${text}` : { ...text, open: `${label}: ${text.open}` };
}

/** One line if there is room for it, else several, of which only the inner ones are indented. */
function lines(text: Text, width: number): string[] {
  const line = flat(text);
  if (line.length <= width || typeof text === 'string' || text.parts.length === 0) return [line];
  const isComma = text.joint === ', ';
  const parts = text.parts.flatMap((part, index) => {
    const [first = '', ...rest] = lines(part, width - 4);
    const own = isComma || index === 0 ? [first, ...rest] : [`→ ${first}`, ...rest];
    const last = own.length - 1;
    return isComma && index < text.parts.length - 1 ? own.with(last, `${own[last]},`) : own;
  });
  return [text.open, ...parts.map((part) => `  ${part}`), ')'];
}

const flat = (text: Text): string => (typeof text === 'string' ? text : `${text.open}${text.parts.map(flat).join(text.joint)})`);
