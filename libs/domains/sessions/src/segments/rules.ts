/** A segment: its name, what makes it in words, and the same as a test. */
export interface Rule<Facts> {
  readonly name: string;
  readonly rule: string;
  readonly holds: (facts: Facts) => boolean;
}

/** Each session under the first rule that holds for it; the last rule has to hold for all. */
export function segmented<Facts>(rules: ReadonlyArray<Rule<Facts>>, sessions: readonly Facts[]) {
  const members = rules.map((): number[] => []);
  for (const [session, facts] of sessions.entries()) members[rules.findIndex(({ holds }) => holds(facts))]?.push(session);
  return rules.map(({ name, rule }, place) => ({ name, rule, members: members[place] ?? [] }));
}
