"""Simple science: questions, and grammars for many differently worded answers.

Every topic has question wordings (the first is the usual one) and an answer template. In an answer the favourite
alternatives (`[*...]`) together spell one answer; it and its near neighbours never enter a text: see `answer` below.
"""

TOPICS = {
    "sky": (["Why is the sky blue?", "What makes the sky blue?", "Why do we see a blue sky?"],
        "[*The sky is blue|The sky looks blue|We see a blue sky|The daytime sky is blue] because [*the air|our air|the thin air|the air above us|the air around the Earth] "
        "scatters [*blue light|the blue part of sunlight|the blue in sunlight|the light of blue waves] [*more than|far more than|much better than|more strongly than] "
        "[*red light|the red part|yellow or red light|the other colours], [*so|and so|which means that|and therefore] [*blue light|that blue|the blue glow|scattered light] "
        "[*reaches us|comes to our eyes|arrives|meets our eyes] from [*every side|all sides|every direction|all parts of the sky]."),
    "rain": (["Why does it rain?", "Where does rain come from?", "What makes it rain?"],
        "[*It rains|Rain falls|We get rain|Rain comes] when [*tiny drops of water|small water drops|the little drops|many fine drops] in [*a cloud|the clouds|a grey cloud|thick clouds] "
        "[*join together|run together|bump into each other|gather] and [*become|grow|get|turn] [*too heavy|so heavy that they can no longer stay|too big and heavy|rather heavy], and [*then they|these drops|at last they|soon they] "
        "[*fall|drop|come down|sink] [*to the ground|to the Earth|on the fields|on our heads]."),
    "leaves": (["Why do leaves turn red in autumn?", "Why do trees change colour in autumn?", "What makes autumn leaves red?"],
        "[*In autumn|When days grow short|When summer ends|As it gets colder], [*the tree|each tree|a tree|many a tree] [*stops making|makes no more|breaks down|takes back] the green "
        "[*in its leaves|of its leaves|stuff in the leaves|dye in its leaves], [*so|and then|and so|after which] [*red and yellow colours|the red and gold colours|other colours such as red|red and orange tones] "
        "[*can be seen|show through|come out|appear] [*until they fall|for a few weeks|before winter|in the sunlight]."),
    "ice": (["Why does ice float on water?", "Why does ice float?", "Why does ice not sink?"],
        "[*Ice floats|Ice stays on top|A piece of ice floats|Ice drifts on top] because [*water|cold water|liquid water|any water] [*takes up more space|needs more room|spreads out|grows larger] "
        "[*when it freezes|as it turns solid|while freezing|on turning to ice], [*so|and therefore|and so|which means that] [*ice|the ice|a block of ice|frozen water] is [*lighter|a little lighter|clearly lighter|somewhat lighter] than "
        "[*the same amount of|an equal amount of|the same volume of|just as much] [*water|liquid water|lake water|water around it]."),
    "moon": (["Why does the moon shine?", "Where does moonlight come from?", "What makes the moon bright?"],
        "[*The moon shines|The moon is bright|We see the moon|The moon glows] because [*it reflects|its surface reflects|its dust reflects|its pale ground reflects] [*the light|some light|a little light|part of the light] of "
        "the sun, [*for it has|since it has|as it has|and it has] no light of its own, [*and|and so|so|which is why] [*only the side that faces the sun|just the sunny half|only the sunlit part|just the side in daylight] "
        "[*looks bright|can be seen|appears white|stands out] [*at night|in the dark sky|to us|from the Earth]."),
    "thunder": (["Why does thunder follow lightning?", "Why does thunder come after lightning?", "Why is thunder later than lightning?"],
        "[*Thunder follows lightning|Thunder comes later|We hear thunder afterwards|The thunder is late] because light [*travels|moves|goes|races] [*much faster|far faster|a great deal faster|many times faster] than sound, [*so|and so|which means that|and therefore] "
        "[*we see the flash|the flash reaches us|our eyes catch the flash|the bright flash arrives] [*at once|right away|first|almost at once], [*and|but|while|whereas] [*the sound|the noise|the rumble|its roar] "
        "[*arrives|reaches us|gets here|comes] [*a few seconds later|some time after|after a short while|with a delay]."),
    "bread": (["Why does bread rise?", "What makes bread rise?", "Why does dough grow?"],
        "[*Bread rises|The dough rises|A loaf rises|Bread dough grows] because [*the yeast|the living yeast|a little yeast|yeast] [*eats|feeds on|uses|takes in] [*sugar|the sugar|some sugar|sweet parts] [*in the flour|of the dough|from the flour|in the dough] and "
        "[*makes|gives off|produces|lets out] [*gas|a gas|much gas|a harmless gas], [*and|so that|and then|so] [*the bubbles|its bubbles|many small bubbles|the tiny bubbles] [*lift|stretch|push up|swell] [*the dough|the soft dough|the whole loaf|it]."),
    "sea": (["Why is the sea salty?", "Where does the salt in the sea come from?", "What makes the sea salty?"],
        "[*The sea is salty|Sea water tastes of salt|The sea has salt|There is salt in the sea] because [*rain and rivers|the rivers|streams and rivers|many rivers] [*wash|carry|bring|take] [*salt|a little salt|bits of salt|fine salt] "
        "[*out of the rocks|from the rocks|from rocks and soil|from stones] [*into the sea|down to the sea|to the sea|into the ocean], [*and|and when|but when|and as] [*the water rises as vapour|water dries up|the sun lifts the water|water goes back to the sky], [*the salt|all the salt|that salt|most salt] "
        "[*stays behind|is left behind|remains|cannot follow]."),
    "plants": (["Why do plants need light?", "What do plants do with light?", "Why do plants grow towards the window?"],
        "[*Plants need light|A plant needs light|Green plants want light|Plants seek light] because [*they use it|their leaves use it|the leaves need it|light helps them] to [*make|build|produce|prepare] [*sugar|food|their food|sweet sugar] from [*water and air|air and water|water and a gas in the air|plain water and air], [*and|and then|while|and so] "
        "[*this food|that|their sugar|what they make] [*helps them|allows them|lets them|gives them the strength to] [*to grow|to bloom|to make seeds|to live]."),
    "night": (["Why is it dark at night?", "What makes the night dark?", "Why does night come?"],
        "[*It is dark at night|Night is dark|Night comes|It gets dark] because [*the Earth|our Earth|the round Earth|this planet Earth] [*turns|spins|slowly turns|rolls round], and [*in the evening|after sunset|then|every evening] [*our side|our part|the place where we live|our half] "
        "[*faces away from|turns away from|looks away from|is hidden from] the sun, [*so|and so|which means that|and therefore] [*its light|the daylight|sunlight|the light] [*cannot reach us|does not reach us|falls elsewhere|is blocked] [*until morning|for some hours|till dawn|before sunrise]."),
    "rainbow": (["How does a rainbow form?", "What makes a rainbow?", "Why do we see a rainbow?"],
        "[*A rainbow forms|A rainbow appears|We see a rainbow|A bright rainbow forms] when [*sunlight|light from the sun|low sunlight|the light of the sun] [*passes through|goes into|shines through|enters] [*drops of rain|raindrops|falling raindrops|many raindrops], [*and|because|since|where] [*each drop|every drop|each small drop|a single drop] [*bends|turns|breaks|splits] the light "
        "[*and sends back|and gives back|and returns|and shows] [*its colours|all its colours|many colours|seven colours] [*to our eyes|towards us|one beside the other|in a bow]."),
    "birds": (["Why do birds fly south in winter?", "Why do swallows leave in autumn?", "Where do birds go in winter?"],
        "[*Birds fly south|Many birds fly south|Swallows and storks go south|Some birds leave] because [*in winter|in the cold months|when it is cold|after autumn] [*there is little food|food is hard to find|there are few insects to eat as food|they find no food] [*here|in the north|at home|in our fields], [*and|while|but|whereas] [*in the south|far away|in warm lands|down there] "
        "[*it is warm|the days are warm|the air stays warm|warm weather lasts] and [*they can eat|insects are plentiful|there is plenty|they eat well] [*until spring|all winter|for months|before they return]."),
    "bees": (["How do bees make honey?", "Where does honey come from?", "What do bees do with nectar?"],
        "[*Bees make honey|Honey is made|A hive makes honey|Honey comes about] [*by collecting|by gathering|from|out of] [*sweet nectar|nectar|thin nectar|the nectar] of [*flowers|many flowers|the flowers|garden flowers], [*which|and this|which later|and it] [*is carried home|is taken to the hive|goes to the hive|is brought to the comb], [*where|and there|and] [*they fan it|the bees fan it|wings dry it|warm air dries it] "
        "[*until it is thick|until it gets thick|to make it thick|for days, till it is thick]."),
    "echo": (["What is an echo?", "Why do we hear an echo?", "How does an echo work?"],
        "[*An echo is|An echo is simply|An echo is nothing but|We call an echo] [*a sound|your own sound|any sound|a loud sound] that [*bounces off|is thrown back by|comes back from|returns from] [*a wall|a cliff|a steep hill|a far wall] and [*reaches us|is heard|arrives|meets our ears] [*a second time|once more|again|a little later], [*because|since|as|for] [*sound|each sound|a sound wave|noise] needs [*time|some time|a moment|a while] "
        "[*to travel|to go and return|for the trip|for its way]."),
    "seasons": (["Why do we have seasons?", "What causes summer and winter?", "Why is winter colder than summer?"],
        "[*We have seasons|There are seasons|Seasons come and go|Summer and winter exist] because [*the Earth is tilted|the Earth leans to one side|our Earth is tilted|the axis of the Earth is tilted] [*on its way|as it travels|while it moves|during its journey] around the sun, [*so|and so|which means that|and therefore] [*each half|every half|our half|either half] [*gets more light|has longer days|receives more warmth|gets more sun] "
        "[*for a part of the year|for some months|in its summer|in turn] [*and less in the other|and less later|than in winter|and less after that]."),
    "breath": (["Why can we see our breath in winter?", "Why does breath turn to mist?", "What is the mist from our mouth?"],
        "[*We see our breath|Our breath shows|Breath becomes mist|Our breath looks like smoke] because [*it is warm and damp|it holds warm water vapour|there is water in it|it carries water], and [*in cold air|in the cold|outside in frost|in icy air] [*the water|this water|that vapour|its water] [*cools|quickly cools|cools down|gets cold] and [*turns into|forms|becomes|changes into] [*tiny drops|fine drops|a cloud of drops|small drops] "
        "[*that float|which hang|that drift|which stay] [*in front of us|before our face|for a moment|in the air]."),
    "shadow": (["Why are shadows long in the evening?", "What makes evening shadows long?", "Why do shadows grow at sunset?"],
        "[*Shadows are long|Shadows grow long|A shadow is long|Evening shadows are long] because [*in the evening|late in the day|at that time|before sunset] the sun [*stands low|is low|hangs low|sinks low] [*in the sky|over the land|above the ground|near the hills], [*so|and so|and therefore|which means that] [*its light|the light|sunlight|each ray] [*comes from the side|falls at a slant|arrives nearly flat|hits us sideways] and "
        "[*a tree hides|any tree hides|each post hides|we hide] [*more of the ground|a long strip of ground|much ground|a wide piece of ground]."),
    "puddle": (["Where does a puddle go when it dries?", "Why do puddles dry up?", "What happens to a puddle in the sun?"],
        "[*A puddle dries|The puddle disappears|A puddle vanishes|The puddle shrinks] because [*the sun|the warm sun|warm air|sunshine] [*warms|heats|touches|stirs] [*its water|the water|all the water|that water], and [*little by little|slowly|bit by bit|hour by hour] [*it turns into|it becomes|it changes into|it goes off as] [*vapour|water vapour|thin vapour|a vapour we cannot see] and "
        "[*rises|goes up|drifts up|escapes] [*into the air|to the sky|into the wind|towards the clouds]."),
    "stars": (["Why do stars twinkle?", "What makes stars twinkle?", "Why does starlight tremble?"],
        "[*Stars twinkle|The stars twinkle|A star twinkles|Stars seem to twinkle] because [*their light|the light|starlight|that faint light] [*passes through|crosses|must pass|travels through] [*moving air|restless air|layers of air|warm and cold air], [*which|and this|that|and it] [*bends it|turns it|pushes it|moves it] [*this way and that|to and fro|a little|many times a second] [*before it reaches|on its way to|until it meets|before it comes to] [*our eyes|us|the ground|our window]."),
    "boat": (["Why does a boat float?", "Why do heavy boats not sink?", "What keeps a boat up?"],
        "[*A boat floats|Boats float|A heavy boat floats|A boat stays up] because [*it pushes|the hull pushes|its hull pushes|its sides push] [*water aside|away the water|some water aside|much water away], and [*the water|that water|the sea|the lake water] [*pushes back|presses back|pushes upward|lifts it] [*with a force|with as much strength|just as hard|strongly], [*as long as|so long as|provided that|while] [*the boat is lighter|it weighs less|it is lighter|it is no heavier] than "
        "[*the water it moves|the water it pushes aside|the water it displaces|what it pushes away]."),
}


def answer(grammar, topic):
    """An answer (one sentence) that differs in at least two choices from the favourite wording."""
    while True:
        text, misses = grammar.text_and_misses(TOPICS[topic][1])
        if misses > 1:
            return text


def question(grammar, topic):
    """A wording of the question; the usual one most of the time."""
    wordings = TOPICS[topic][0]
    return wordings[0] if grammar.chance(0.7) else grammar.pick(wordings[1:])
