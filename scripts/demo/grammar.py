"""A small text grammar: templates with choices, named rules and bound names.

Template syntax:
  [a|b|c]    one of the alternatives, all equally likely (they may nest)
  [*a|b|c]   the first alternative is the favourite (probability FAVOURITE)
  {name}     a bound value if there is one, else one template of the rule "name"
"""
import re

FAVOURITE = 0.42


class Grammar:
    """Expands templates with a random generator; keeps parsed templates."""

    def __init__(self, rules, rng):
        self.rules = rules
        self.rng = rng
        self.parsed = {}
        self.misses = 0

    def pick(self, options):
        return options[int(self.rng.random() * len(options))]

    def chance(self, probability):
        return self.rng.random() < probability

    def sample(self, options, count):
        """`count` different members of `options`, in random order."""
        pool = list(options)
        return [pool.pop(int(self.rng.random() * len(pool))) for _ in range(count)]

    def text(self, template, names=None):
        """One tidied expansion of `template`; `names` binds {name} slots."""
        out = []
        self._expand(self._parse(template), names or {}, out)
        return tidy("".join(out))

    def text_and_misses(self, template, names=None):
        """The expansion, and in how many [*...] choices the favourite lost."""
        self.misses = 0
        return self.text(template, names), self.misses

    def _parse(self, template):
        if template not in self.parsed:
            self.parsed[template] = _parse_sequence(template, 0)[0]
        return self.parsed[template]

    def _expand(self, sequence, names, out):
        for kind, value in sequence:
            if kind == "text":
                out.append(value)
            elif kind == "slot":
                self._expand_slot(value, names, out)
            else:
                self._expand(self._choose(kind, value), names, out)

    def _expand_slot(self, name, names, out):
        if name in names:
            out.append(names[name])
        else:
            self._expand(self._parse(self.pick(self.rules[name])), names, out)

    def _choose(self, kind, options):
        if kind == "choice":
            return self.pick(options)
        if self.chance(FAVOURITE):
            return options[0]
        self.misses += 1
        return self.pick(options[1:])


def _parse_sequence(template, at, inside=False):
    """Parse from `at` up to a closing `|` or `]`; returns (nodes, position)."""
    nodes, start = [], at
    while at < len(template):
        mark = template[at]
        if mark not in "[{" and not (inside and mark in "|]"):
            at += 1
            continue
        if at > start:
            nodes.append(("text", template[start:at]))
        if mark == "{":
            end = template.index("}", at)
            nodes.append(("slot", template[at + 1:end]))
            at = end + 1
        elif mark == "[":
            node, at = _parse_choice(template, at + 1)
            nodes.append(node)
        else:
            return nodes, at
        start = at
    if at > start:
        nodes.append(("text", template[start:at]))
    return nodes, at


def _parse_choice(template, at):
    kind = "choice"
    if template[at] == "*":
        kind, at = "favourite", at + 1
    options = []
    while True:
        nodes, at = _parse_sequence(template, at, inside=True)
        options.append(nodes)
        if template[at] == "]":
            return (kind, options), at + 1
        at += 1


def tidy(text):
    """Correct articles, speech commas, spaces and capitals after filling in a template."""
    text = re.sub(r" +", " ", text)
    text = re.sub(r"\b([Aa]) (?=[aeiou]|honest|hour)(?!one|uni|use)", r"\1n ", text)
    text = re.sub(r'\."(?= [a-z])', ',"', text)
    text = re.sub(r'((?:^|\n|[.!?] |\." )"?)([a-z])', lambda m: m.group(1) + m.group(2).upper(), text)
    return text.strip()
