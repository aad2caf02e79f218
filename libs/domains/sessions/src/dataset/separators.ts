const comma = 0x2c;
const semicolon = 0x3b;

/**
 * Commas for semicolons and semicolons for commas. A file separated by semicolons, so exchanged, is one separated by commas that
 * means the same, with the same rows, quotes and lengths; its cells become what they were by exchanging again.
 */
export const exchangeSeparators = (text: string): string => text.replace(/[,;]/g, (each) => (each === ',' ? ';' : ','));

/** The same for UTF-8; a copy. */
export function exchangeSeparatorBytes(bytes: Uint8Array): Uint8Array {
  return bytes.map((byte) => (byte === comma ? semicolon : byte === semicolon ? comma : byte));
}
