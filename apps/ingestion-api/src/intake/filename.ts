const mostBytes = 255;

/** A name as its sender gave it, made harmless for whoever shows it or makes a file of it. Undefined for none. */
export function cleanFilename(given: string | undefined): string | undefined {
  const name = given
    ?.normalize('NFC')
    .replace(/[\p{Cc}\p{Cf}]/gu, '')
    .replace(/^.*[/\\]/, '')
    .trim();
  if (!name || /^\.+$/.test(name)) return undefined;
  let kept = '';
  for (const character of name) {
    if (Buffer.byteLength(kept + character) > mostBytes) break;
    kept += character;
  }
  return kept;
}
