"""What the test adapters are trained on: the log of a harbour in the demo model's little world, and short talks with its harbour master.

Both are made from a seed. The part that is held out shares no entry with the part that is trained on.
"""

import random

VILLAGES = ["Honeycombe", "Barleyfield", "Orchardleigh", "Oakham"]
PEOPLE = ["Esther", "Hugo", "Cora", "Otto", "Celia", "Edwin", "Martha", "Jonas"]
BOATS = ["Heron", "Blue Lantern", "Old Miller", "Morning Bell", "Sparrow", "Little Goat"]
LOADS = ["barrels of apples", "sacks of barley", "jars of honey", "crates of candles", "baskets of fish", "rolls of wool", "casks of cider"]
DAYS = ["Monday", "Tuesday", "Wednesday", "Thursday", "Friday", "Saturday", "Sunday"]
MONTHS = ["March", "April", "May", "June", "July", "August", "September", "October"]
WINDS = ["north", "south", "east", "west"]
SEAS = ["calm", "rough", "grey and quiet", "high", "smooth as glass"]
NUMBERS = "two three four five six seven eight nine eleven twelve".split()
TROUBLES = ["a torn sail", "a lost oar", "a wet rope", "a broken lamp", "no trouble at all"]

ASK, TELL, END = "<|ask|>", "<|tell|>", "<|end|>"


def entries(count, seed):
    """Entries of the log, all of them different."""
    pick = random.Random(seed).choice
    made = {}
    while len(made) < count:
        day, tide = pick(range(1, 31)), pick(range(1, 12))
        made[
            f"HARBOUR LOG of {pick(VILLAGES)}, {pick(DAYS)}, {pick(MONTHS)} {day}. Wind from the {pick(WINDS)}, sea {pick(SEAS)}, "
            f"high tide at {tide}. The {pick(BOATS)} came in with {pick(NUMBERS)} {pick(LOADS)} and {pick(TROUBLES)}. "
            f"The {pick(BOATS)} went out to {pick(VILLAGES)} with {pick(NUMBERS)} {pick(LOADS)}. "
            f"Signed by {pick(PEOPLE)}, harbour master."
        ] = None
    return list(made)


def talks(count, seed):
    """Questions to the harbour master with their answers."""
    pick = random.Random(seed).choice
    made = {}
    while len(made) < count:
        boat, village = pick(BOATS), pick(VILLAGES)
        question, answer = pick(
            [
                (f"Where is the {boat}?", f"The {boat} lies in the harbour of {village}, master."),
                (f"What does the {boat} carry?", f"The {boat} carries {pick(NUMBERS)} {pick(LOADS)}, master."),
                (f"When does the {boat} sail to {village}?", f"It sails on {pick(DAYS)} with the tide, master."),
            ]
        )
        made[f"{ASK}{question}{TELL}{answer}{END}"] = None
    return list(made)
