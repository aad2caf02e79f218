import { countOf, type DomainSummary, type Findings, inWords, percentOf, usability } from '@millrace/domain';

interface Segments {
  readonly sessions: number;
  readonly segments: ReadonlyArray<{ readonly name: string; readonly sessions: number; readonly share: number }>;
}

/** What the summary reads of the insights, each of which may be missing. */
interface SessionInsights {
  readonly 'purchase-intent'?: { readonly available: boolean; readonly sessions: number; readonly expectedPurchases: number };
  readonly segments?: { readonly clicks?: Segments; readonly summaries?: Segments };
  readonly sale?: { readonly available: boolean; readonly scored: number; readonly expectedLooks: number; readonly watchedClicks: number };
}

export function summarise({ report, insights }: Findings): DomainSummary {
  const { 'purchase-intent': purchases, segments, sale } = insights as SessionInsights;
  const usable = usability(report);
  const parts = [
    segments?.summaries && ofSegments('summarised session', segments.summaries),
    segments?.clicks && ofSegments('click session', segments.clicks),
    purchases?.available && ofPurchases(purchases),
    sale?.available && ofSale(sale),
  ].filter((part) => typeof part === 'object');
  return {
    sentences: [usable.sentence, ...parts.flatMap(({ sentences }) => sentences)],
    figures: Object.assign({}, usable.figures, ...parts.map(({ figures }) => figures)),
  };
}

function ofSegments(what: string, { sessions, segments }: Segments): DomainSummary {
  const [most] = segments.toSorted((a, b) => b.sessions - a.sessions);
  const largest = most && sessions > 0 ? `; the largest segment is “${most.name}” (${percentOf(most.share)})` : '';
  return { sentences: [`There ${sessions === 1 ? 'is' : 'are'} ${countOf(sessions, what)}${largest}.`], figures: { [`${what.split(' ', 1)[0]}Sessions`]: sessions } };
}

const ofPurchases = ({ sessions, expectedPurchases }: NonNullable<SessionInsights['purchase-intent']>): DomainSummary => ({
  sentences: [`About ${inWords(Math.round(expectedPurchases))} of the ${countOf(sessions, 'summarised session')} are expected to end in a purchase.`],
  figures: { expectedPurchases },
});

const ofSale = ({ scored, expectedLooks, watchedClicks }: NonNullable<SessionInsights['sale']>): DomainSummary => ({
  sentences: [`Of ${countOf(scored, 'click session')} that had not been at the sale after ${watchedClicks} clicks, about ${inWords(Math.round(expectedLooks))} are expected to look at it.`],
  figures: { expectedLooks },
});
