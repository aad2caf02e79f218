/** What `number` becomes when two neighbouring, different digits are swapped; never with a leading zero. */
export function swaps(number: number): number[] {
  const text = String(number);
  const others: number[] = [];
  for (let i = 0; i + 1 < text.length; i++) {
    const [left, right] = [text.charAt(i), text.charAt(i + 1)];
    if (left === right || (i === 0 && right === '0')) continue;
    others.push(Number(text.slice(0, i) + right + left + text.slice(i + 2)));
  }
  return others;
}
