"""Templates for stories, talks, portraits and notes of the little world.

Bound names used here: hero, he, him, his (the main person), friend, fhe, fhim, fhis (the second person),
thing, place_in/place (with and without preposition), home, village, weather rules and so on.
"""

WEATHER = {
    "rain": ["rain [fell|drummed|pattered] on the [roofs|windows|leaves|road]", "the [gutters|ditches|paths] were full of [rainwater|brown water|puddles]",
             "[dark|grey|heavy] clouds hung over the {land}", "everyone carried [umbrellas|wet coats|muddy boots]", "it [rained|drizzled|poured] [in the {land}|without a pause|on and off]"],
    "sun": ["the sun [shone|burned|stood] over the {land}", "the air smelled of [hay|warm stone|{flower}|dust]",
            "there was [hardly a cloud|not a cloud|one {size} cloud] above the {land}", "the [cats|dogs|hens|old men] slept in the [shade|sun]", "the [grass|road|bench|wall] was warm [to the touch|and dry]"],
    "wind": ["the wind [shook|bent|rattled] the [trees|gates|shutters|signs]", "leaves [flew|danced|raced] across the [yard|road|green]",
             "[hats|papers|aprons|feathers] sailed [over the wall|down the street|through the air]", "the wind [sang|howled|whistled] in the [chimneys|wires|branches]"],
    "snow": ["snow [covered|hid|softened] the [roofs|paths|fields|fences]", "the [pond|well|bucket|brook] was frozen",
             "children [built a snowman|threw snowballs|pulled sledges] [by the gate|on the hill|in the yard]", "breath hung in the [cold|frosty|icy] air", "icicles hung from the [eaves|bridge|pump|signs]"],
    "fog": ["fog [lay|drifted|rolled] over the [fields|river|rooftops|harbour]", "nobody could see [the church|the far bank|more than {number} steps ahead]",
            "the [lamps|trees|houses] looked like [ghosts|pale shapes|ships at sea]", "every sound seemed [close|far away|soft and strange]"],
}

OPENINGS = [
    "{once}, {hero} {walked} {to_place} [because|since] {he} wanted to [meet {friend}|buy {food}|see the {flower}|find a {nice} spot for {hobby}|think about {festival}].",
    "{once}, {weather}, and {hero} the {job} was {feeling}.",
    "{hero} lived in a [{size}|{colour}|{old}] house [near|behind|beside] the {building} of {home}, and {his} best {kin_word} was {friend}.",
    "[This is the story of|Here is what happened to|People in {home} still talk about] {hero}, a {trait} {job} who [loved|was fond of|could not live without] {hobby}.",
    "It was {month}, and {weather}. {hero} [sat|stood|waited] {place_in} with a [cup of {drink}|plate of {food}|{old} {thing_any}].",
    "{time}, {hero} [opened the [door|window|gate]|put on {his} [coat|boots|hat]|finished {his} {food}] and {walked} {to_place}.",
    "{weather} {once_late}. {hero}, who [was|had always been] {trait} and {trait_two}, [did not mind|hardly noticed|was used to it].",
]

LOST = [
    ["{hero} had lost {his} {thing}.", "[Suddenly|To {his} surprise|{time}], {he} noticed that the {colour} {thing} was [gone|missing|nowhere to be seen].",
     "\"[Where|Oh dear, where|Goodness, where] is my {thing}?\" {said_ask} {hero}. It [was a gift from {his} {relative}|had cost {number} coins|was needed for {festival}|meant a lot to {him}].",
     "{his} {thing}, which {his} {relative} had [given {him}|mended {number} times|bought in {village}], was not in {his} {colour} [pocket|bag|basket|cupboard]."],
    ["First {he} {looked} {search_one}, but found only a {old} {thing_any} and [some|a few] {crop}.", "{he} {looked} {search_one} and {search_two}, [under|behind|among] the {crop} and the {old} boxes.",
     "{he} asked {friend}, who {looked} {search_one} [for {number} minutes|until {number_small} o'clock|with a {colour} lantern], [without luck|but found only {flower}|but saw just a {animal}]."],
    ["{friend} the {fjob} [came by|stopped|looked up] and {said}, \"[I will help you look|Let us {look_word} {place_in}|{number_cap} eyes see more than two|We will find it by {day}].\"",
     "\"When did you last [see|use|hold] your {thing}?\" asked {friend}. \"{time_cap},\" {said} {hero}, \"{search_two}.\"", "{friend} was {feeling}, but {fhe} [promised|agreed|offered] to [help|search|fetch {a_person}] and {walked} {to_search_two}."],
    ["They [found|met|passed] {a_person} there, who had seen a {animal} [with something {colour}|near the {building}|run into the {land}].", "{weather}, and {search_two} they saw only a {animal} and {number} {flower}.",
     "{search_two_cap} there was [a {animal} asleep on a {colour} cloth|a smell of {food}|an empty {vehicle}], but no {thing}.", "[{number_cap} minutes|An hour|{number_cap} hours] passed, and {hero} grew {feeling}."],
    ["At last {finder} {looked} {found_in}, and there lay the {thing}, [a little wet|covered with {colour} dust|safe and sound|next to a {tree}|under a {colour} cloth].",
     "The {thing} was {found_in} after all, where [a {animal} had carried it|{hero} had left it {time}|{a_person} had hung it on a {tree}|it lay under {number} {flower}].",
     "In the end, {finder} found the {thing} {found_in}, [between two {size} stones|behind a {old} door|beneath some {flower}|in a {colour} basket]."],
]

REPAIR = [
    ["{hero} had a problem: there was {fault} [at home|in the yard|in {his} house|next to the {building}].", "{time}, {hero} [found|noticed|saw] {fault} and was {feeling}.",
     "\"[Look at that|What a nuisance|Oh no],\" {said} {hero}, \"{fault}, and {festival} is on {day}!\""],
    ["{he} tried to mend it with [a rope|some glue|a {old} nail|a piece of {material}], but [it only got worse|it did not hold|that lasted {number} minutes].", "{hero} was a {job} and knew [a lot about {food}|little about such things|more about {hobby}].",
     "{his} {relative} said that only a [real expert|patient person|{trait} person] could [mend it|help]."],
    ["So {he} {walked} {to_place} to [ask|fetch|find] {friend} the {fjob}, who [was {feeling}|was busy with {fhobby}|had just finished {fhis} {food}].", "{friend}, who lived [{place_in}|by the {building}|behind a {size} {tree}], heard about it and [came with {number} nails|brought {fhis} {ftool}|put on {fhis} {colour} coat]."],
    ["\"[That is easy|Leave it to me|I have seen worse|Give me an hour],\" {said} {friend} {slowly}. \"I need {number} [nails|screws|planks|bricks] and [a cup of {drink}|some {food}|a {size} {thing_any}].\"",
     "{friend} worked {slowly} with the {ftool} while {hero} [held the lamp|made {drink}|told a story about {village}|fed the {animal}].", "They worked [together|side by side|like {number} people] until [sunset|supper|{friend} was {feeling}], and {weather}."],
    ["When it was done, {hero} gave {friend} [{number} jars of jam|a basket of {crop}|a bowl of {food}|{prize}] and [a warm handshake|many thanks|a smile].", "{hero} wanted to pay, but {friend} only asked for [a song|some {food}|help with the {crop}|a ride to {village}].",
     "Now everything was as good as [{number} new ones|the {building}|any in {village}], and [even the {animal}|all of {home}|{his} {relative}] [seemed|looked] {feeling}."],
]

JOURNEY = [
    ["{hero} had to [take|bring|carry|deliver] a {colour} {thing} to {friend} in {village}, {number} miles to the {direction}.", "{his} {relative} asked {hero} to [go|travel] to {village} and [buy {number} sacks of {goods}|visit {friend}|bring back a {thing}]."],
    ["{he} packed [some {food} and a bottle of {drink}|a {old} map|a blanket and {number} apples] and left {time} [by {vehicle}|on foot|with {his} {animal}].", "The {old} road led past [the {building}|a {old} farm|{number} {tree}s] and then [through|over|along] the {colour} {land} of {village_two}.", "{weather} when the {vehicle} left {home}."],
    ["On the way {he} met a {trait} {fjob} who [had lost the way|was carrying {crop}|told {him} about {festival}|shared some {food}].", "Near {village_two} the [{old} bridge|{building}|road] was closed, so {he} [waited {number} hours|went on by {vehicle}|walked round by the {land}|asked a {trait} {job_any}].",
     "A {animal} [followed|watched|greeted] {him} [for a mile|from a {tree}|near the crossroads]."],
    ["{weather}, and {hero} [rested|ate {his} {food}|slept for an hour] under a {tree}.", "\"How far is it to {village}?\" {he} asked. \"[Only {number} miles|Over the next {number_small} hills|Just follow the {flower}|Ask {place_in}],\" {said} a {trait} {job_any}."],
    ["When {he} [reached|came to] {village}, {friend} was [waiting|working|sitting] {place_in} and [waved|laughed|called {his} name].", "{village} was known for its {product}, and {hero} [bought|tasted|admired] [some|plenty] {time}.", "At last {he} saw the {building} of {village} and felt {feeling}."],
    ["They [ate {food}|drank {drink}] with {a_person} and [talked|sang|joked] about {fhobby} until [midnight|{number_small} o'clock|the {animal_many} were asleep|{friend} grew {feeling}].", "The next {day} {he} went home with [{prize}|a bag of {crop}|a {colour} {thing_any}] and [{number} good stories|a long story about {a_person}|a song about {crop}]."],
]

RESCUE = [
    ["{place_in_cap}, {hero} heard {sound}.", "{time}, {hero} {looked} {place_in} and saw a {beast} [in trouble|all alone|stuck in a hole|tangled in a net|shivering with cold].", "A {beast} had [fallen into a ditch|lost its mother|hidden under a {vehicle}] {place_in}."],
    ["{he} [knelt down|waited a while|took off {his} coat] and [spoke|reached out] {slowly}.", "\"[Poor thing|Do not be afraid|You are safe now],\" {said} {hero} {slowly}.", "It was {feeling} and did not [move|trust anyone|make a sound]."],
    ["{he} ran to {friend} the {fjob}, who [had once kept {number} {animal_many}|knew {animal_many} well|had a warm {stable}|loved {animal_many} more than {food}].", "{friend} brought [a {colour} blanket|a {size} ladder|{food_bite}|a {size} basket] and {said}, \"[We must be quick|Hold the lamp|Let me try].\""],
    ["For {number} [days|nights|weeks] they [fed it {food_bite}|kept it warm|gave it water] in the {old} {stable}, [while|and] {weather}.", "They gave it {crop} and {food_bite}, and [at night|after {number} hours] it [slept|dozed|rested] [in a {size} basket|near the {colour} stove|on {his} {colour} {thing_soft}]."],
    ["By {day} the {beast} was [strong|healthy|lively|{feeling}] again and [ran|hopped|walked] round the {colour} [yard|kitchen|garden|{thing_any_plain}].", "{hero} named it {pet_name}, after [a {animal} {he} once had|{a_person}|{his} favourite {thing_any}|an old friend from {village}]."],
    ["When {season} came, they set it free {place_in}, and it [looked back {number_small} times|vanished among the {flower}|stayed for {number} minutes].", "It never left {hero} again, and now it sleeps [beside|near] the {old} {thing_any}.", "Even today it [comes|visits {friend}] {time} to ask for {food_bite}."],
]

CONTEST = [
    ["{home} was getting ready for {contest}.", "Every {month}, {number} people from {home} and {village} meet {place_in} for {contest}.", "\"The winner gets {prize},\" {said} {friend}, \"and this year it will be me.\""],
    ["{hero} had practised for {number} weeks, [mostly {time}|even in the {weather_word} weather|with {his} {relative}].", "{hero}, a {trait} {job}, had never won anything but [{prize}|{number} {crop}|a {old} {thing_any}]."],
    ["{weather}, and [the crowd|the band|half the village] [gathered|stood] {place_in}.", "{number_cap} people took part, among them {friend} the {fjob} and {a_person}."],
    ["{friend} [started well|led for {number} minutes|made {a_person} laugh], but then [a {animal} ran across the {colour} grass|{fhe} lost {fhis} {thing}|a {thing_any} broke|{fhe} stopped to help {number} children].", "In the middle of it all, a {size} {animal} [stole the {food}|jumped on {a_person}|chased {number} {animal_many}]."],
    ["In the end {winner} won [by {number} points|easily|to everyone's surprise] and {loser} came second.", "[The {number_small} judges|The {trait} judges|{a_person} and the judges] [talked|argued|whispered] [for {number} minutes|over {drink}] and then gave {prize} to {winner}."],
    ["{winner} shared {prize} with {loser}, and they [danced|laughed|ate {food}] until [dark|midnight|the lamps went out].", "\"[Well done|That was {nice}|I have not laughed so much in {number} years],\" {said} {loser}. \"[Next {season}|On {day}|In {month}] we will [try again|eat {food}|bring {a_person}].\""],
]

MYSTERY = [
    ["{time}, {hero} heard {sound} {place_in}.", "For {number} nights there had been {sound} {place_in}, and nobody in {home}, not even {a_person}, knew why."],
    ["[Some said|{friend} thought|{his} {relative} believed] it was [a ghost|the wind|a thief|a {animal}], but {hero} [was not sure|had {number} other ideas|thought of a {beast}|felt {feeling}].", "{hero} was {feeling}, because {weather} and {his} lamp was {old}."],
    ["{he} took [a lantern|{his} {tool}|a {size} stick|some {food}] and {walked} [there|closer] {slowly}, step by step.", "{he} called {friend}, and together they [hid behind a {tree}|climbed the {old} stairs|waited {number} minutes|crept past the {thing_any}]."],
    ["There were [{colour} feathers|{size} footprints|crumbs of [bread|cake|cheese|pie]|{number} scratches|drops of {colour} paint] [on the {old} [floor|steps|boards]|near the {tree}|beside a {thing_any}].", "Something {size} and {colour} moved [behind the {number} barrels|under the {old} boards|near {hero}]."],
    ["It was [only|nothing but] a {beast} that [had made a nest in a {old} {colour} box|was playing with {number} {flower}|had come in for the {crop} and {food_bite}].", "The sound came from [a loose, {colour} board|a {old} pipe|a {thing_any} on a string] that [the wind moved|knocked against a {size} {tree}|{a_person} had forgotten|a {animal} used as a nest]."],
    ["\"[So that was all|What a silly fright|I knew it],\" {said} {friend}, and they both [laughed|went home to {food}|drank {drink}] {slowly}.", "{hero} slept well [that {day}|for {number} nights], and the {beast} got [{food_bite}|a bowl of {food}|a {size} place by the stove].", "The next day everybody {place_in} [heard|laughed about|was {feeling} about] the story of the {colour} {thing_any}."],
]

WORKDAY = [
    ["{hero} [begins|starts] work {time}, when {place_day} is still [quiet|dark|cold|empty].", "The day of a {job} in {home} is [long|busy|seldom dull], says {hero}."],
    ["First {he} [sweeps the floor|lights the stove|checks the {tool}|drinks {drink}|feeds {pet_name}], then {he} {does}.", "{his} {tool} is {old} but [good|sharp|clean], and {he} would not [sell|lend] it for {number} coins."],
    ["On {day} {friend} [comes|helps|brings {food}], and they [talk about {hobby}|sing about {flower}|share {food}].", "[Customers|People] come from {village} and {village_two} because the {job} there is [too slow|{feeling} on {day}s|far too dear|too {trait}]."],
    ["The hardest part is [getting up {time}|the {weather_word} weather|carrying {size} {thing_any_plain}s|waiting for {a_person}], but {he} likes [the smell of {food}|the quiet|the talk about {hobby}|the {season} light].", "Once, [a {animal}|the mayor|a {trait} stranger] came in and asked for {number} [pounds of {goods}|{thing_any_plain}s]."],
    ["{time}, {he} [locks the {colour} door|puts away the {tool}|counts {number} coins|feeds the {animal}] and goes home to {pet_name} and a plate of {food_noun}.", "After work {he} spends {number} minutes {hobby}, [even in {season}|if {he} is not too tired|with {friend}]."],
]

MORALS = [
    "[And that is why|Since then], {hero} always keeps [a lantern|some {food}|a spare {thing_any}] {place_in}.",
    "[So|In this way] {hero} and {friend} [became good friends|learned to be {trait}|found out how {trait_two} they could be].",
    "[They|{friend} and {hero}|People {place_in}] still [laugh|talk|sing] about it {time}, over {food} and {drink}.",
    "\"[A friend|A good neighbour|A {trait} {kin_word}] is worth more than {number} [pounds of {goods}|baskets of {crop}|plates of {food}],\" {said} {friend}.",
    "{his} {relative} [wrote it down|told the story|painted it] {number} times, and each time the {animal} [grew bigger|had more {feature}|ran faster|stole more {crop}].",
    "From that {day} on, nobody in {home} [laughed at|forgot|would say a word against] the {trait} {job}.",
    "", "",
]

PORTRAIT = [
    "{hero} is a {trait_own} {job} from {home}.", "{hero}, the {job} of {home}, is [known|liked|famous] for being {trait_own}.",
    "In {home} lives {hero}, a {trait_own} {job} [of {age}|who is {age} years old].",
]
PORTRAIT_MORE = [
    "{he} works at {place_day} and {does}[, mostly {time}| with {friend}| for people from {village}|].",
    "In {his} free time {he} enjoys {hobby_own}[ with {friend}| when it is {weather_word}| near the {building}|].",
    "{his} {pet_kind} is called {pet_name} and [sleeps|hides|waits] {place_in}.",
    "{his} favourite [dish|food] is {food_own}, [best|especially] with {drink}[| and a few {crop_any}].",
    "{friend} the {fjob} [says|thinks] that {hero} is [too|very|rather] {trait_own} [but|and] [a good|a loyal] {kin_word}.",
    "{he} wears a {colour} [coat|hat|scarf|apron] and carries a {old} {thing_any}[ everywhere| to market| on {day}s|].",
    "{number} years ago {he} won {prize} at {contest}.", "{his} {relative} came from {village}, where people make {product}.",
    "Every {season}, {he} [travels|goes|walks] to {village} for {festival}.",
    "On {day}s {he} [meets|visits|helps] {friend} {place_in}[, and {pet_name} comes along|].",
    "{he} dreams of [a {size} boat|a house by the {land}|a journey to {village_two}|a garden full of {flower}].",
]

VILLAGE = [
    "{village} is a {village_size}, {nice} [village|place] in the {village_land}, {miles} miles {village_direction} of {village_two}.", "[The {nice} village of|The {village_size} village of|{nice} and {village_size},] {village} lies [among|between|near] the {village_land}[, not far from {village_two}|, {miles} miles {village_direction} of {village_two}|].",
    "[Travellers|Visitors|People] who [come|walk|ride] to {village} {time} first [see|notice|admire] the {village_building}[ and then the {village_land}| and a {size} {tree}|].",
]
VILLAGE_MORE = [
    "[It is known|People know it|It is famous] for its {village_product}, [sold by {a_person}|praised as far as {far_village}|packed in {colour} boxes|and there are {number} kinds of them at {festival}].",
    "Market day is {village_day}, and [stalls|tables] with {crop}, {crop_any} and {goods} stand [on the square|along the road|by the {village_building}|under the {tree}s].",
    "The {village_building} was [built|made] of {colour} {material} [long ago|by {a_person}|{number_small} hundred years ago] and looks {old} [from afar|in the rain|today].",
    "Every {village_month} the {trait} people celebrate {village_festival} with [music|lanterns|dancing|a race] and {food}.",
    "[Among its guests are|One often meets|The inn is a home to] {hero} the {job}, who loves {hobby_own}, and {friend} the {fjob}.",
    "In {season} the {village_land} are full of {flower}[ and bees| and visitors|].",
    "A {vehicle} goes to {village_two} on {day}s[, if the weather is good|; it takes {number_small} hours|].",
    "The {old} inn serves {food} and {drink}, and [the cook|the owner|the {job_any} there] is a {trait} {relative} of {friend}.",
    "In a {tree} near the {village_building} lives a {colour} {animal} that [everybody knows|steals {crop}|the children feed].",
    "[Old people|Children|{number_cap} people] [say|believe|wrote] that {sound} is heard {place_in} {time}.",
    "When {weather_now}, people [like to talk|meet {place_in}|play cards] and eat {food}.",
]

TALK = [
    ["\"Good [morning|day|evening], {friend}! {ask_small}\"", "\"Hello, {friend},\" [said|called|cried] {hero} {place_in}. \"{ask_small}\"", "{hero} met {friend} {place_in} {time}. \"{ask_small}\" {he} asked."],
    ["\"{answer_small}\" {said} {friend}. \"And you?\"", "\"[Oh|Ah], {answer_small_low}\" {said} {friend}, [putting down the {thing}|with a smile|and sat down].", "{friend} [laughed|nodded|thought for a moment]. \"{answer_small}\""],
    ["\"I am looking for {crop} and a {thing},\" {said} {hero}. \"[How much are they|Do you have any|Where can I get them]?\"", "\"I [need|want] {number} pounds of {crop} for {food_my},\" {said} {hero}.", "\"Did you hear about {a_person}?\" asked {hero}. \"{gossip}\"",
     "\"Will it [rain|snow|be {weather_word}] on {day}?\" asked {hero}. \"I want to [go to {village}|pick {crop}|dry the hay].\""],
    ["\"[Try|Ask|Look] {place_in},\" {said} {friend}, \"but [go|be there] {time}, or [they will be gone|a {animal} will have them|{a_person} will be first].\"", "\"{number_cap} coins,\" {said} {friend}, \"and I will [add|give you] {number} {flower} for your {relative}.\"", "\"[Nobody knows|I doubt it|I think so],\" {said} {friend}. \"[My {relative}|My {animal}|The {old} clock] [was {feeling} about it|knew it on {day}|told me so {time}].\"",
     "\"[Really|Truly]? {gossip}\" {said} {friend} {slowly}."],
    ["\"That is [kind|fair|good to know],\" {said} {hero}. \"[Come|Drop in] on {day}, we are having {food}.\"", "\"Then I had better [hurry|take my {thing}|ask {a_person}],\" {said} {hero}, and {walked} {to_place}.", "\"Thank you, {friend}. Please [greet|thank] your {relative}.\"", "\"[Very well|All right], I take {number_small},\" {said} {hero}, [counting the coins|looking for {his} purse|lifting the basket]."],
    ["\"[With pleasure|Gladly|See you then]!\" {said_loud} {friend}.", "{weather}, so they [said goodbye|went in for {food}|talked about {hobby}].", "\"And bring {pet_name}!\" {said_loud} {friend}.", ""],
]

LETTER = [
    "Dear {friend},\n[thank you for|I was {feeling} to get|we all enjoyed] your [letter|parcel|{crop}|visit]. Here in {home} {weather_now}, and [I|we] {letter_news}.",
    "Dear {friend},\nI am writing from {village}, where {weather_now}. Yesterday [I|we] {letter_news}, and {time} [I|we] {letter_news_two}.",
]
LETTER_MORE = [
    "[My|Our] {animal} has [eaten the {crop}|learned a trick|run away {number} times].", "{a_person} [sends {number} greetings|has a new {thing}|is ill|is building a {size} boat].",
    "Could you [send me|bring|lend us] [a {thing}|{number} pounds of {goods}|the recipe for {food_noun}]?", "Do you [remember|still think of] {festival} in {village_any}, when [{hero_rel} lost the {thing}|we danced {place_in}|it was so {weather_word}]?",
    "The {building} is being [painted {colour}|repaired|cleaned], and [everyone|the mayor] is {feeling}.", "I have taken up {hobby}, but [I am too {trait}|my {relative} finds it funny|I am only good at it {time}].",
    "[Next|This] {day} [there is|we all go to|{a_person} will judge] {contest}, and [I hope|my {relative} hopes] to win {prize}.",
]
LETTER_END = ["[Come and see us|Visit me|Write soon], [in {season}|before {festival}|when you can].\n[Yours|Your friend|With love|Best wishes], {hero}"]

NOTICE = [
    "[Lost|Found|For sale|Wanted|Given away]: a {size}, {colour} {thing}, [a little {old}|almost new|last seen {place_in}|made of {material}]. [Ask|Please ask] {hero} the {job} {place_in}, [{time}|on {day}].",
    "[Notice|News from {home}]: {festival} will [be held|take place] {place_in} on the {ordinal} of {month}. There will be {food}, {drink} and [music by {hero}|a speech by {friend}|{contest}].",
    "Weather for {day}: {weather_word} and {weather_word_two} in the {land}, [with|and] [fog|showers|strong wind|frost|sunshine] {time}. [Take a coat|Shepherds should be careful|A good day for {hobby}|Boats should stay at home].",
    "Today at the market: {crop}, {crop_any} and {number} kinds of {product}. {hero} the {job} [sells|is offering] {food} for {number_small} coins, [but only {time}|while it lasts].",
    "The school of {home} needs [a {thing}|{number} chairs|a {trait} helper]. [Speak to|Write to] {friend}, [{time}|any {day}].",
]

COOKING = [
    "To make {dish} [as they do in {village}|for {number_small} people|the way {hero} likes it], [take|you need] {vegetable}, {vegetable_two}, [some butter|a little salt|a pinch of pepper|{number_small} eggs] and a {size} [pot|pan|dish].",
]
COOKING_MORE = [
    "[Wash|Peel|Chop] the {vegetable} {slowly} and [put|drop] them in [cold|boiling|salted] water.", "[Stir|Turn|Cover|Heat] everything {slowly} [for {number} minutes|with a {size} spoon|until the {vegetable} are {colour}].", "[Add|Mix in] [honey|flour|milk|herbs|cream] and {number} {vegetable}, [a spoonful|a cup|a handful] at a time.",
    "[Let it rest|Leave it] {place_kitchen} for {number} minutes, until it is [golden|soft|firm|{colour}] and smells of [thyme|pepper|butter|mint].", "If it tastes [too sweet|too plain|sour|of {vegetable}], [add|try] [lemon|mustard|thyme|a little {drink}].",
    "{friend} the {fjob} [always|never] [leaves out|forgets|fries] the {vegetable_two} [on {day}s|in {season}|for {a_person}].", "[Serve|Eat] it {how_served} with {drink} and [{number_small} slices of [bread|lemon|cheese]|{food}].", "It [keeps|stays fresh] for {number_small} days in a [cool|dry|dark|{colour}] [place|pot|box|cupboard].",
]

EXTRA_RULES = {
    "dish": "a thick soup;a clear soup;a stew;a warm salad;a pie;a tart;an omelette;a pasty;a cold soup;a casserole;a fritter batter",
    "vegetable": "carrots;beans;onions;potatoes;cabbages;turnips;tomatoes;leeks;beets;peas;mushrooms;parsnips;lentils;spring greens;radishes",
    "animal_many": "sheep;foxes;owls;goats;ponies;ducks;hedgehogs;cats;dogs;swans;crows;donkeys;rabbits",
    "look_word": "look;search;hunt;ask",
    "feature": "teeth;legs;feathers;children;friends;colours;names;spots",
    "goods": "honey;wool;salt;apples;cheese;candles;paper;flour;oats;sugar;coal;nails",
    "ordinal": "first;second;third;fourth;fifth;sixth;seventh;ninth;tenth;twelfth;fifteenth;twentieth;last day",
    "how_served": "hot;cold;warm;at once;in small bowls;on a large plate;in front of the fire",
    "place_kitchen": "in the oven;on the stove;in the cellar;on the window sill;under a cloth;near the fire",
    "once_late": "all that week;on that {day};that morning;for {number} days",
    "said_ask": "asked;cried;sighed;wondered",
    "said_loud": "called;cried;shouted;laughed",
    "stable": "stable;shed;kitchen;barn;hut;attic room",
    "thing_soft": "old coat;scarf;blanket;pillow;woollen hat",
    "food_bite": "a carrot;some bread;a bit of cheese;an apple;a few oats;some milk",
    "ask_small": "How are you today?;What brings you here?;Is that a new {thing}?;Where are you going with that {thing}?;How is your {relative}?;Are the {crop} ripe yet?;Have you seen my {animal}?",
    "answer_small": "Very well, thank you.;A little tired, but {feeling}.;Not bad for a {day}.;I have been {hobby}.;We had {food} for breakfast.;My {relative} is visiting from {village}.;Everything is {colour} and {weather_word}, as usual in {month}.",
    "answer_small_low": "very well.;not too bad.;I am {feeling}.;I could not sleep.;we have too many {crop}.;the {animal} ate the {crop}.",
    "gossip": "They say the {job_any} has bought a {colour} {vehicle}.;Somebody saw a {animal} {place_in}.;There will be {food} for everyone at {festival}.;The mayor has lost a {thing}.;{contest_cap} was won by a {animal}!;The {building} is for sale.",
    "letter_news": "went to {festival};bought a {thing};picked {number} baskets of {crop};painted the door {colour};saw a {animal} {place_in};cooked {food};walked to {village_two}",
    "letter_news_two": "met a {trait} {job_any};sat {place_in};listened to the band;ate too much {food_noun};played cards;lost {number} coins",
    "thing_any_plain": "basket;lantern;kettle;blanket;candle;bottle;hat;drum;shovel;barrel",
    "weather_now": "the sun is shining;it is raining;snow is falling;the wind is strong;fog lies over the {land};it is {weather_word} and {weather_word_two};the {flower} are in bloom;the {crop_any} are ripe",
}
EXTRA_RULES = {name: value.split(";") for name, value in EXTRA_RULES.items()}
