import { countOf, type DomainSummary, type Findings, inWords, percentOf, usability } from '@millrace/domain';

interface Counted {
  readonly name: string;
  readonly messages: number;
  readonly share: number;
}

/** What the summary reads of the insights, each of which may be missing. */
interface FeedbackInsights {
  readonly spam?: { readonly read: number; readonly spam: number };
  readonly sentiment?: { readonly sentiments: readonly Counted[] };
  readonly recommendation?: { readonly recommendations: readonly Counted[] };
  readonly department?: { readonly departments: readonly Counted[] };
  readonly intent?: { readonly noneOfThese: { readonly share: number }; readonly intents: readonly Counted[] };
}

/** Words that customers wrote, phrases among them, stay out of it. */
export function summarise({ report, insights }: Findings): DomainSummary {
  const { spam, sentiment, recommendation, department, intent } = insights as FeedbackInsights;
  const usable = usability(report);
  const parts = [
    spam && ofSpam(spam),
    sentiment && ofShares('As the words sound', sentiment.sentiments),
    recommendation && ofShares('What is written about is', recommendation.recommendations),
    department && ofMost('department', department.departments),
    intent && ofIntents(intent),
  ].filter((part) => part !== undefined);
  return {
    sentences: [usable.sentence, ...parts.flatMap(({ sentences }) => sentences)],
    figures: Object.assign({}, usable.figures, ...parts.map(({ figures }) => figures)),
  };
}

const ofSpam = ({ read, spam }: NonNullable<FeedbackInsights['spam']>): DomainSummary => ({
  sentences: [`Of ${countOf(read, 'English message')} ${spam === 1 ? '1 is' : `${inWords(spam)} are`} spam.`],
  figures: { messagesRead: read, spam },
});

function ofShares(beginning: string, counts: readonly Counted[]): DomainSummary {
  if (counts.every(({ messages }) => messages === 0)) return { sentences: [], figures: {} };
  const shares = counts.map(({ name, share }) => `${percentOf(share)} ${name}`).join(', ');
  return { sentences: [`${beginning} ${shares}.`], figures: Object.fromEntries(counts.map(({ name, messages }) => [name, messages])) };
}

function ofMost(what: string, counts: readonly Counted[]): DomainSummary {
  const [most] = counts.toSorted((a, b) => b.messages - a.messages);
  if (!most || most.messages === 0) return { sentences: [], figures: {} };
  return { sentences: [`The ${what} written about most is ${most.name} (${percentOf(most.share)}).`], figures: { [`${what}OfMost`]: most.name } };
}

/** Intents of a bank's customers say little about other messages, hence the share that has none. */
function ofIntents({ noneOfThese, intents }: NonNullable<FeedbackInsights['intent']>): DomainSummary {
  const [most] = intents;
  if (!most) return { sentences: [], figures: { withoutKnownIntent: noneOfThese.share } };
  const sentence = `${percentOf(noneOfThese.share)} want nothing that the intent model knows; of what it knows ${most.name} is the most frequent (${percentOf(most.share)}).`;
  return { sentences: [sentence], figures: { withoutKnownIntent: noneOfThese.share, mostFrequentIntent: most.name } };
}
