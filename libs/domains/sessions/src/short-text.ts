const longest = 60;

/** At most 60 characters of a session's id, so that one long cell does not swell an insight. */
export const shortText = (text: string): string => (text.length > longest ? `${text.slice(0, longest - 1)}…` : text);
