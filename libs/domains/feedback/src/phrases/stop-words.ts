/** English words that say little by themselves; a phrase neither begins nor ends with one. */
export const stopWords: ReadonlySet<string> = new Set(
  (
    "a about above after again all also am an and any are aren't as at back be because been before being below between both but by can can't cannot could couldn't did " +
    "didn't do does doesn't doing don't dont down during each either else etc even ever every few for from further get gets getting go goes going gonna got had hadn't has hasn't have " +
    "haven't having he he's her here hers herself hi him himself his how i i'd i'll i'm i've if im in into is isn't it it's its itself ive just let let's lot me might more most " +
    "much must my myself need no nor not now of off ok on once one only or other our ours out over own per please put quite rather re really s said same say she " +
    "she's should shouldn't so some still such sure t than that that's the their theirs them themselves then there there's these they they're thing things this those though " +
    "through thus to too two u under until up upon ur us very was wasn't way we we're well were weren't what what's when where which while who whom why will with within " +
    "without won't would wouldn't yes yet you you'd you'll you're your yours yourself"
  ).split(' '),
);
