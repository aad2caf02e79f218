/** Words that make sentences, by language; what is an English word as well counts for both. */
const functionWords: Readonly<Record<string, string>> = {
  de: 'und ist nicht das der ich ein eine mit auf für auch sie es wir sind habe hat wie aber sehr mein meine von dem den zu bei nach wurde kann',
  fr: 'et est les des une je pas le la vous pour avec dans qui sur mais mon ma ce cette été très nous il elle que du au ai me a on',
  es: 'y el los las una que no es con para por muy pero mi está lo del se como más este esta gracias tengo ha un he me le',
  it: 'e il che di non una per con sono è della gli ma molto mio mia questo questa ho ha le del nel anche un si mi',
  pt: 'e o que não uma com para por muito mas meu minha os da do em um está foi como mais isso este esta eu me a se',
  nl: 'en het een niet van ik dat de is met voor zijn maar op ook mijn deze heb heeft was er zeer bij naar wij',
  pl: 'i nie jest się na do to w z że ale bardzo mój moja za od jak już czy tak dla po',
};
const english =
  'the and is it to a of i in that was for you my this but on with not have are be so as at me had very your all just if they or too from what how can do when will we he she an would been there get got no its dont im does has were am out up why did u ur ' +
  'about some more make tell please need want know one like go could should where who which their them his her him our only also than then now into over after before because any much many here really still think';

const native: ReadonlySet<string> = new Set(english.split(' '));
const languages = Object.values(functionWords).map((list) => list.split(' '));
/** Word → the places in `languages` of those that have it. */
const foreign: ReadonlyMap<string, readonly number[]> = new Map(
  languages.flat().map((word) => [word, languages.flatMap((list, place) => (list.includes(word) ? [place] : []))]),
);

const letters = /\p{L}/gu;
/** ASCII alone, where letters need no counting. */
const plain = /^[ -~]*$/;
const latin = /[A-Za-z\u00C0-\u024F]/g;
const accented = /[\u00C0-\u024F\u1E00-\u1EFF]/g;
const words = /[a-z\u00C0-\u024F]+(?:'[a-z]+)?/g;

/** A smiling ü in a text message is no language. */
const fewestAccents = 3;

/** Words of which a language's sentences have some. */
const fewestWords = 4;

/**
 * Whether a message is English, as far as letters and function words tell: no, when most letters are not Latin, when another language
 * has more different function words and at least two, or when one letter in twelve has an accent and no function word is English. What
 * is too short to tell counts as English. Takes masked text.
 */
export function isEnglish(text: string): boolean {
  const all = plain.test(text) ? 0 : count(text, letters);
  if (all > 0 && count(text, latin) * 2 < all) return false;
  const sequence = text.toLowerCase().match(words) ?? [];
  if (sequence.length < fewestWords) return true;
  const found = [...new Set(sequence)];
  const ours = found.filter((word) => native.has(word)).length;
  const theirs = mostForeign(found);
  if (theirs >= 2 && theirs > ours) return false;
  const accents = count(text, accented);
  return ours > 0 || accents < fewestAccents || accents * 12 < all;
}

/** How many of the words the language has that has most. */
function mostForeign(found: readonly string[]): number {
  const counts = languages.map(() => 0);
  for (const word of found) for (const place of foreign.get(word) ?? []) counts[place] = (counts[place] ?? 0) + 1;
  return Math.max(...counts);
}

const count = (text: string, pattern: RegExp): number => text.match(pattern)?.length ?? 0;
