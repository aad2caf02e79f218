"""The model card that train.py writes."""

from recipes import Recipe

Found = dict[str, object]

REVIEWS = """Women's E-Commerce Clothing Reviews (Kaggle, nicapotato): reviews of one anonymous clothes shop, under CC0 as its uploader says. Rows without text and title, or without department, were left out; {use}.

> Brooks N. (2018) Women's E-Commerce Clothing Reviews. Kaggle.
> Agarap A.F. (2018) Statistical Analysis on E-Commerce Reviews, with Sentiment Classification using Bidirectional Recurrent Neural Network. arXiv:1805.03687."""
SMS = """SMS Spam Collection v.1 (UCI 228), free of charge and without limitations except that copyright stays with Tiago A. Almeida and José María Gómez Hidalgo, with no warranty.

> Almeida T.A., Gómez Hidalgo J.M., Yamakami A. (2011) Contributions to the Study of SMS Spam Filtering: New Collection and Results. DocEng'11."""
BANKING = """BANKING77, under CC BY 4.0, <https://creativecommons.org/licenses/by/4.0/>.

> Casanueva I., Temčinas T., Gerz D., Henderson M., Vulić I. (2020) Efficient Intent Detection with Dual Sentence Encoders. NLP4ConvAI, arXiv:2003.04807."""
CLINC = """CLINC150, under CC BY 3.0, <https://creativecommons.org/licenses/by/3.0/>.

> Larson S. et al. (2019) An Evaluation Dataset for Intent Classification and Out-of-Scope Prediction. EMNLP-IJCNLP, D19-1131."""

PURPOSE = {
    "spam": "Tells spam from what people write; the other analyses leave spam out.",
    "sentiment": "Tells whether a message sounds negative, neutral or positive.",
    "recommendation": "Tells whether a message recommends what it is about.",
    "department": "Tells which department of a clothes shop a message is about.",
    "intent": "Tells which of 77 things the customer of a bank wants, or none of these.",
}
SOURCES = {
    "spam": [SMS, REVIEWS.format(use="600 of the training rows as ham, so that the filter knows other business"), BANKING + "\n\n600 training rows as ham.", CLINC + "\n\n600 training rows that are not about banking or credit cards, as ham."],
    "sentiment": [REVIEWS.format(use="ratings of 1 and 2 are negative, 3 is neutral, 4 and 5 are positive")],
    "recommendation": [REVIEWS.format(use="the label is `Recommended IND`")],
    "department": [REVIEWS.format(use="the label is `Department Name`, with its spellings of intimates put together")],
    "intent": [BANKING, CLINC + "\n\nThe 100 out-of-scope training rows and 2,500 others that are not about banking or credit cards are the class `none`."],
}
KIND = {
    "spam": "logistic regression",
    "sentiment": "two logistic regressions, one for 'at least neutral' and one for 'positive'; the middle wins where neither is sure",
    "recommendation": "logistic regression with both labels weighing alike",
    "department": "six linear support vector machines, one against the rest",
    "intent": "78 linear support vector machines, one against the rest",
}
SCORES = {"spam": "log-odds of spam", "sentiment": "a score for each label", "recommendation": "log-odds of recommended", "department": "a score for each label", "intent": "a score for each label"}
LIMITS = {
    "spam": [
        "Text messages, many of them British or Singaporean, and spam of 2003 to 2006. Today's spam, and spam by e-mail, looks different; nothing here says how much of it is found.",
        "It leans to letting spam pass: what it leaves out, nobody sees in the other analyses.",
    ],
    "sentiment": [
        "One shop's reviews of women's clothes. In messages of other kinds, questions above all, 'neutral' and 'negative' mean little.",
        "Neutral is the weak class: reviews of three stars read like mild praise or mild complaint.",
        "Irony, and what is left unsaid, escape it.",
    ],
    "recommendation": ["One shop's reviews of women's clothes, of which four in five recommend.", "It reads words; a buyer who praises the fabric for a page and sends it back in the last line may be taken for pleased."],
    "department": ["It has no answer for what is not clothing.", "`trend` is no kind of clothing and has under one row in a hundred; it is hardly ever found."],
    "intent": [
        "Questions of a bank's customers, mostly one sentence long. Labels of BANKING77 are known to be noisy.",
        "`none` comes from another collection, written in another style, which makes it easy to tell within that collection. Punctuation is left out for that reason: with it, a question mark alone decided for many. The figures for questions about money that neither class was trained on are the ones to expect of `none` in use.",
        "What CLINC150 asks about money on topics that BANKING77 has is refused as often as the table says, partly because the topics do not match exactly. Training `none` on CLINC150's other questions about money was tried and refused: it doubled this figure. That choice was made on the demo rows of CLINC150.",
    ],
}


def card(name: str, recipe: Recipe, metrics: Found) -> str:
    return "\n".join([heading(name, recipe, metrics), data(name, metrics), features(recipe), measured(metrics), limits(name), again(name)])


def heading(name: str, recipe: Recipe, metrics: Found) -> str:
    shape = recipe.shape
    return f"""# feedback.{name}, version 1: model card

{PURPOSE[name]} Written by `train.py`.

| | |
|---|---|
| kind | {KIND[name]} (scikit-learn), over TF-IDF of hashed n-grams; weights rounded to 8 bits; as ONNX, {metrics["bytes"]:,} bytes |
| input | `slots`, float32 [messages, {2 * shape.slots}]: bucket numbers, then 1 + ln(count) of each |
| output | `scores`, float32 [messages, {1 if len(metrics["labels"]) == 2 else len(metrics["labels"])}]: {SCORES[name]} |
| labels | {", ".join(metrics["labels"]) if len(metrics["labels"]) < 10 else f"{len(metrics['labels'])}, in `{name}.json`"} |
| file | `libs/domains/feedback/models/{name}.onnx`, SHA-256 in `{name}.json` and checked at loading |
"""


def data(name: str, metrics: Found) -> str:
    sources = "\n\n".join(SOURCES[name])
    return f"""## Data and licence

{sources}

Trained on {" + ".join(f"{rows:,}" for rows in metrics["trainingRows"])} rows of the training part, measured on the demo part, which training did not see. Changes made: texts were normalised and masked (`text.py`). No row of the data is part of this repository.
"""


def features(recipe: Recipe) -> str:
    shape = recipe.shape
    grams = ["words"] + (["pairs of words"] if shape.pairs else []) + (["words' n-grams of %d to %d characters" % shape.characters] if shape.characters else [])
    marks = "and marks," if shape.marks else "without marks,"
    return f"""## Features

Lower-case {", ".join(grams)}, {marks} by FNV-1a into {shape.buckets:,} buckets; at most {shape.slots} different ones, in the order of the text, so a very long message loses its end. Words of a title count again as words of a title. Buckets of fewer than two training messages count nothing. `features.py` and `libs/domains/feedback/src/text/ngrams.ts` compute the same; the domain's fixtures hold both to it.
"""


def measured(metrics: Found) -> str:
    goal, least = next(iter(metrics["goal"].items()))
    names = [name for name in ("accuracy", "macro f1", "f1 of spam") if any(name in part for part in metrics["demo"].values())]
    parts = {**metrics["demo"], **{f"{name}, `none` not among the answers": part for name, part in metrics.get("demoWithoutNone", {}).items()}}
    rows = [table_row(name, part, names) for name, part in parts.items()]
    rows += [table_row(f"plain baseline: {name}", part, names) for name, part in metrics["plainBaseline"].items()]
    rows.append(table_row("three-fold on the training rows", metrics["threeFoldOnTraining"], names))
    return f"""## Figures

Demo rows, by the ONNX graph; goal: {goal} of at least {least}. Shapes, costs and offsets were chosen by the three-fold figures, which therefore flatter. The baseline is scikit-learn's `TfidfVectorizer` and `LogisticRegression` as they come.

| | rows | {" | ".join(names)} |
|---|---|{"---|" * len(names)}
{chr(10).join(rows)}

{by_label(metrics)}The graph's scores differ from scikit-learn's by at most {metrics["largestDifferenceFromScikitLearn"]:.1e}; rounding the weights changed {metrics["labelsChangedByRounding"]} labels.
"""


def table_row(name: str, part: Found, names: list[str]) -> str:
    return f"| {name} | {part.get('rows', '')} | " + " | ".join(f"{part[each]:.4f}" if each in part else "" for each in names) + " |"


def by_label(metrics: Found) -> str:
    found = next(iter(metrics["demo"].values()))["byLabel"]
    if len(found) > 10:
        return ""
    lines = [f"| {label} | {each['rows']} | {each['precision']:.3f} | {each['recall']:.3f} | {each['f1']:.3f} |" for label, each in found.items()]
    return "| label | rows | precision | recall | f1 |\n|---|---|---|---|---|\n" + "\n".join(lines) + "\n\n"


def limits(name: str) -> str:
    every = ["English only.", "It is for counting over many messages and for pointing at some of them, not for judging who wrote them."]
    return "## Limits\n\n" + "\n".join(f"- {limit}" for limit in [*LIMITS[name], *every]) + "\n"


def again(name: str) -> str:
    return f"""## Making it again

Python 3.11, outside the repository, with the folder that holds the data sets:

```sh
python3 -m venv <venv> && <venv>/bin/pip install -r requirements.txt
<venv>/bin/python train.py {name} --data <folder>
```

A new model gets a new SHA-256 in `libs/domains/feedback/src/models/models.ts`, and a new version once one has been published.
"""
