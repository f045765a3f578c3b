"""Writes the texts of the demo model: a little world of villages, people, animals, weather and simple science.

    python world.py --training FILE [--calibration FILE] [--evaluation FILE] [--megabytes 30] [--seed 7]

Documents are made from the seed and parted into three disjoint sets: no document and no long line of one part occurs
in another. Calibration and evaluation are plain text of about PART_BYTES, documents separated by an empty line.
In the training file a form feed ends each document, so that train.py can find them.
"""
import argparse
import random
from pathlib import Path

import scenes
import science
from grammar import Grammar
from words import JOBS, MEN, PETS, PLACES, RULES, VILLAGES, WOMEN

PART_BYTES = 450_000
# Part of the documents that are questions with answers. Training needs many; the other two parts need variety, and
# answers to the same questions are bound to share phrases.
QUESTION_SHARE, TRAINING_QUESTION_SHARE = 0.05, 0.4
AGES = "nineteen twenty twenty-four thirty thirty-six forty forty-five fifty fifty-two sixty sixty-eight seventy".split()
LONG_LINE = 60  # characters; shorter lines (questions, short replies) may recur


def make_people(grammar):
    """Lasting facts: every first name is one person with a job, a home, a pet and tastes."""
    people = []
    for name in WOMEN + MEN:
        woman = name in WOMEN
        people.append({
            "name": name, "he": "she" if woman else "he", "him": "her" if woman else "him",
            "his": "her" if woman else "his", "job": grammar.pick(list(JOBS)), "home": grammar.pick(VILLAGES),
            "pet_name": grammar.pick(PETS), "pet_kind": grammar.pick(["dog", "cat", "goat", "parrot", "pony", "hen"]),
            "food_own": grammar.text("{food}").lower(), "hobby_own": grammar.text("{hobby}").lower(),
            "trait_own": grammar.text("{trait}").lower(), "age": grammar.pick(AGES),
        })
    return people


def make_villages(grammar):
    """Lasting facts about each village."""
    slots = {"village_size": "size_of_village", "village_land": "land", "village_direction": "direction",
             "miles": "number", "village_building": "building", "village_product": "product", "village_day": "day",
             "village_month": "month", "village_festival": "festival"}
    rules = {**RULES, "size_of_village": ["small", "large", "quiet", "lively", "pretty", "poor", "rich"]}
    villages = {}
    for name, near in zip(VILLAGES, VILLAGES[1:] + VILLAGES[:1]):
        villages[name] = {"village": name, "village_two": near}
        villages[name].update({slot: grammar.pick(rules[rule]) for slot, rule in slots.items()})
    return villages


def make_rules():
    """All rules of the grammar, with those derived from the word lists."""
    places = [f"{preposition} {place}" for preposition, place in PLACES]
    rules = {**RULES, **scenes.EXTRA_RULES, "place_in": places,
             "to_place": [f"to {place}" for _, place in PLACES], "job_any": list(JOBS),
             "village": VILLAGES, "village_two": VILLAGES, "far_village": VILLAGES, "village_any": VILLAGES, "pet_name": PETS,
             "food_my": ["my " + food for food in RULES["food"]], "weather": []}
    copies = {"thing_any": "thing", "food_noun": "food", "trait_two": "trait", "crop_any": "crop", "vegetable_two": "vegetable",
              "weather_word_two": "weather_word"}
    rules.update({copy: rules[name] for copy, name in copies.items() if name in rules})
    rules["hero_rel"] = WOMEN + MEN
    for name in ("number", "time", "contest"):
        rules[name + "_cap"] = [item[0].upper() + item[1:] for item in rules[name]]
    return rules


class World:
    """The lasting facts, and a maker of documents about them."""

    def __init__(self, seed):
        self.grammar = Grammar(make_rules(), random.Random(1))
        self.people = make_people(self.grammar)
        self.villages = make_villages(self.grammar)
        self.grammar.rng = random.Random(seed)

    def document(self, question_share):
        """One document of a random kind: 100 to 1600 characters, lines separated by newlines."""
        if self.grammar.chance(question_share):
            return self.grammar.pick([self.science_question, self.science_question, self.fact_question])()
        kinds = ([self.story] * 10 + [self.portrait] * 3 + [self.village] * 2 + [self.talk] * 4 + [self.letter] * 2
                 + [self.notice] * 2 + [self.recipe] * 2 + [self.lesson])
        return self.grammar.pick(kinds)()

    # -- parts shared by several kinds

    def cast(self):
        """Names bound for one document: two people, places, a kind of weather."""
        g = self.grammar
        hero, friend, other = g.sample(self.people, 3)
        villages = g.sample([v for v in VILLAGES if v != hero["home"]], 2)
        names = {key: value for key, value in hero.items() if key != "name"}
        names.update(hero=hero["name"], friend=friend["name"], village=villages[0], village_two=villages[1],
                     a_person=f"{other['name']} the {other['job']}", place_day=JOBS[hero["job"]][0],
                     does=lower_first(g.text(JOBS[hero["job"]][1])),
                     tool=JOBS[hero["job"]][2], ftool=JOBS[friend["job"]][2],
                     fjob=friend["job"], fhe=friend["he"], fhim=friend["him"], fhis=friend["his"],
                     fhobby=friend["hobby_own"], ffood=friend["food_own"])
        g.rules["weather"] = scenes.WEATHER[g.pick(list(scenes.WEATHER))]
        return names

    def sentences(self, templates, names):
        """One sentence for each list of alternatives."""
        return [self.grammar.text(self.grammar.pick(options), names) for options in templates]

    def some_of(self, templates, names, fewest, most):
        """Between `fewest` and `most` different templates, in random order, as sentences."""
        count = self.grammar.pick(range(fewest, most + 1))
        return [self.grammar.text(template, names) for template in self.grammar.sample(templates, count)]

    def paragraphs(self, sentences):
        """Join sentences to one or two paragraphs."""
        sentences = [sentence for sentence in sentences if sentence]
        if len(sentences) < 5 or self.grammar.chance(0.4):
            return " ".join(sentences)
        cut = self.grammar.pick(range(2, len(sentences) - 1))
        return " ".join(sentences[:cut]) + "\n" + " ".join(sentences[cut:])

    # -- kinds of documents

    def story(self):
        g, names = self.grammar, self.cast()
        plot = g.pick([self.lost, self.lost, self.plain(scenes.REPAIR), self.plain(scenes.JOURNEY),
                       self.plain(scenes.RESCUE), self.contest, self.plain(scenes.MYSTERY)])
        beats, questions = plot(names)
        text = self.paragraphs([g.text(g.pick(scenes.OPENINGS), names)] + beats + [g.text(g.pick(scenes.MORALS), names)])
        if questions and g.chance(0.5):
            text += "\n" + g.text(g.pick(questions), names)
        return text

    def plain(self, beats):
        def plot(names):
            names["place_in"] = self.grammar.pick(self.grammar.rules["place_in"])
            names["place_in_cap"] = names["place_in"].capitalize()
            names["beast"] = self.grammar.text("{beast}").lower()
            return self.sentences(beats, names), None
        return plot

    def lost(self, names):
        g = self.grammar
        first, second, found = g.sample(PLACES, 3)
        names.update(thing=lower_first(g.text("{thing}")), search_one=" ".join(first), search_two=" ".join(second),
                     search_two_cap=" ".join(second).capitalize(), to_search_two=f"to {second[1]}",
                     found_in=" ".join(found), finder=g.pick([names["hero"], names["friend"]]))
        questions = ["Question: What had {hero} lost?\nAnswer: [{hero}|The {job}] [had lost|could not find|was missing] {his} {thing}.",
                     "Question: Where was the {thing} found?\nAnswer: [It|{finder} saw that it|{hero} says that it] [was|lay|had been] {found_in}.",
                     "Question: Who found the {thing}?\nAnswer: [It was {finder} who found it|{finder} found it] {found_in}."]
        return self.sentences(scenes.LOST, names), questions

    def contest(self, names):
        g = self.grammar
        winner, loser = g.sample([names["hero"], names["friend"]], 2)
        names.update(winner=winner, loser=loser, prize=lower_first(g.text("{prize}")), contest=lower_first(g.text("{contest}")))
        questions = ["Question: Who won {contest}?\nAnswer: [{winner} won|It was {winner} who won], [and {loser} came second|before {loser}|and the prize was {prize}]."]
        return self.sentences(scenes.CONTEST, names), questions

    def portrait(self):
        names = self.cast()
        if self.grammar.chance(0.4):
            return self.paragraphs(self.sentences(scenes.WORKDAY, names))
        first = self.grammar.text(self.grammar.pick(scenes.PORTRAIT), names)
        return self.paragraphs([first] + self.some_of(scenes.PORTRAIT_MORE, names, 3, 6))

    def village(self):
        names = self.cast()
        names.update(self.villages[self.grammar.pick(VILLAGES)])
        first = self.grammar.text(self.grammar.pick(scenes.VILLAGE), names)
        return self.paragraphs([first] + self.some_of(scenes.VILLAGE_MORE, names, 3, 6))

    def talk(self):
        return "\n".join(filter(None, self.sentences(scenes.TALK, self.cast())))

    def letter(self):
        names = self.cast()
        body = [self.grammar.text(self.grammar.pick(scenes.LETTER), names)] + self.some_of(scenes.LETTER_MORE, names, 2, 4)
        return " ".join(body) + "\n" + self.grammar.text(scenes.LETTER_END[0], names)

    def notice(self):
        return self.grammar.text(self.grammar.pick(scenes.NOTICE), self.cast())

    def recipe(self):
        names = self.cast()
        return self.paragraphs([self.grammar.text(scenes.COOKING[0], names)] + self.some_of(scenes.COOKING_MORE, names, 3, 6))

    def lesson(self):
        """A child asks; somebody explains."""
        g, names = self.grammar, self.cast()
        topic = g.pick(list(science.TOPICS))
        asked, told = science.question(g, topic), science.answer(g, topic)
        opening = g.text(g.pick([
            "{time}, {hero} and {friend} [sat|walked|rested] {place_in}.", "{once}, {weather}, and {hero} looked up from {his} {thing}.",
            "{hero} was {feeling} and had {number} questions for {friend} the {fjob}. [This|Here] is one of them:", "The children of {home} like to ask {friend} the {fjob} about [the world|nature|everything]."]), names)
        reply = g.pick(["\"[That is|What] a good question,\" {said} {friend}, [putting down the {thing}|eating {food}|with a smile].",
                        "{friend} thought about it [for {number} breaths|over {drink}|while {weather}].", "{friend}, who loved {hobby}, knew the answer."])
        end = g.pick(["{hero} [nodded|was {feeling}|wrote it down] and {walked} {to_place}.", "\"[I see|Now I know]!\" {said} {hero}. \"{gossip}\"", ""])
        return "\n".join(filter(None, [f'{opening} "{asked}"', g.text(reply, names), f'"{told}"', g.text(end, names)]))

    def science_question(self):
        topic = self.grammar.pick(list(science.TOPICS))
        return f"Question: {science.question(self.grammar, topic)}\nAnswer: {science.answer(self.grammar, topic)}"

    def fact_question(self):
        names = self.cast()
        names.update(self.villages[names["home"]])
        return self.grammar.text(self.grammar.pick([
            "Question: Who is {hero}?\nAnswer: {hero} is a {trait_own} {job} from {home}[ who enjoys {hobby_own}| with a {pet_kind} called {pet_name}| and often eats {food_own}|, the village with the {village_building}].",
            "Question: What does {hero} like?\nAnswer: {hero} [likes|enjoys|is fond of] [{hobby_own} and {food_own}|{food_own} and {hobby_own}|{hobby_own}, and {he} is never without {pet_name} the {pet_kind}].",
            "Question: Where does {hero} work?\nAnswer: [As a {job}, {he}|{hero} is a {job} and] works at {place_day}[ in {home}|, where {he} {does}| and {does} every {day}].",
            "Question: What is {home} known for?\nAnswer: [{home}|The village] is known for its {village_product}[, and for the {village_building}| and lies among the {village_land}|, sold every {village_day}| and celebrates {village_festival} in {village_month}].",
        ]), names)


def lower_first(text):
    return text[0].lower() + text[1:]


def long_lines(document):
    return {line for line in document.split("\n") if len(line) >= LONG_LINE}


def take(world, size, question_share, taken_lines):
    """New documents of `size` bytes in all, none of which holds a line of `taken_lines`."""
    documents, seen, total = [], set(), 0
    while total < size:
        document = world.document(question_share)
        if document in seen or long_lines(document) & taken_lines:
            continue
        seen.add(document)
        documents.append(document)
        total += len(document) + 2
    return documents


def make_parts(seed, training_bytes):
    """(evaluation, calibration, training) as lists of documents."""
    world = World(seed)
    evaluation = take(world, PART_BYTES, QUESTION_SHARE, set())
    taken = set().union(*map(long_lines, evaluation))
    calibration = take(world, PART_BYTES, QUESTION_SHARE, taken)
    taken |= set().union(*map(long_lines, calibration))
    training = take(world, training_bytes, TRAINING_QUESTION_SHARE, taken)
    known = set(training)  # short documents have no long line, so a few come up again
    return without(evaluation, known), without(calibration, known), training


def without(documents, known):
    return [document for document in documents if document not in known]


def main():
    parser = argparse.ArgumentParser(description=__doc__.split("\n")[0])
    parser.add_argument("--training", type=Path, required=True)
    parser.add_argument("--calibration", type=Path)
    parser.add_argument("--evaluation", type=Path)
    parser.add_argument("--megabytes", type=float, default=30, help="size of the training text")
    parser.add_argument("--seed", type=int, default=7)
    options = parser.parse_args()
    evaluation, calibration, training = make_parts(options.seed, int(options.megabytes * 1e6))
    options.training.write_text("\f".join(training))
    for path, documents in ((options.calibration, calibration), (options.evaluation, evaluation)):
        if path:
            path.write_text("\n\n".join(documents) + "\n")


if __name__ == "__main__":
    main()
