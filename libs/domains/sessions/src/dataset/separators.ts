/**
 * Commas for semicolons and semicolons for commas. A header separated by semicolons, so exchanged, is one separated by commas with
 * the same quotes; its names become what they were by exchanging again.
 */
export const exchangeSeparators = (text: string): string => text.replace(/[,;]/g, (each) => (each === ',' ? ';' : ','));
