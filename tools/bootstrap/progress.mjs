import process from 'node:process';

const frames = ['⠋', '⠙', '⠹', '⠸', '⠼', '⠴', '⠦', '⠧', '⠇', '⠏'];

/** Shows on stderr that something is going on: a line that moves on a terminal, a plain line at each end elsewhere. */
export function startProgress(title, quietMs) {
  const out = process.stderr;
  const began = performance.now();
  const elapsed = () => `${Math.round((performance.now() - began) / 1000)} s`;
  let tick = 0;
  let told = false;
  const tell = () => {
    if (out.isTTY) out.write(`\r\u001B[2K${frames[tick++ % frames.length]} ${title} … ${elapsed()}`);
    else if (!told) out.write(`${title} …\n`);
    told = true;
  };
  if (quietMs === 0) tell();
  let repeat;
  const first = setTimeout(() => {
    tell();
    if (out.isTTY) repeat = setInterval(tell, 100);
  }, quietMs);
  const end = (succeeded) => {
    clearTimeout(first);
    clearInterval(repeat);
    if (told) out.write(`${out.isTTY ? '\r\u001B[2K' : ''}${title}: ${succeeded ? 'done' : 'failed'} (${elapsed()})\n`);
  };
  return { end };
}
