"""The vocabulary of the little world: lists the grammar draws from."""

WOMEN = """Ada Agnes Alice Amber Anna Beatrice Bella Bridget Carla Celia Clara Cora Daisy Dora Edith Ella Elsie Emma Esther
Eva Fern Flora Freya Greta Hannah Hazel Helen Ida Ines Iris Ivy Jane Josie June Kate Lena Lily Lotte Lucy Mabel Maria
Martha Maud Maya Mina Molly Nell Nina Nora Olive Pearl Petra Polly Rosa Ruth Sally Sara Tess Vera Wilma
Annika Astrid Betty Carol Dinah Elena Fiona Gwen Heidi Irene Judith Kitty Laura Linda Marian Nadia Odette Paula Rachel Sonia Thea""".split()

MEN = """Abel Adam Albert Anton Arthur Ben Bruno Carl Cedric Daniel David Edgar Edwin Emil Felix Finn Frank Fred George Gus
Harold Harry Henry Hugo Isaac Jack Jacob James Jonas Karl Leo Levi Lewis Lucas Luke Mark Martin Max Miles Noah Oliver
Oscar Otto Owen Paul Peter Philip Ralph Robert Rufus Sam Simon Stefan Theo Tom Victor Walter Will
Alan Basil Bernard Clem Conrad Dennis Ernest Gilbert Hector Ivan Jasper Julian Kevin Laurence Magnus Nigel Piers Quentin Roger Silas Toby""".split()

VILLAGES = """Alderbrook Applegate Ashby Barleyfield Birchwood Blackwater Brackenhill Cherryford Clearwater Coldspring Dunmore
Eastcliff Elmhurst Fairhaven Fernley Foxton Goosegreen Greyrock Hazelbank Hollowell Honeycombe Kingsbarrow Larkrise
Lindale Longmeadow Marshend Millford Mossley Northgate Oakham Otterbourne Pebblebay Quarrington Redhill Rushmere
Saltmarsh Silverdale Stonebridge Thornbury Westwold Whitecombe Willowmere
Amberley Beechwood Crowhurst Deepdale Elderton Frostby Gullhaven Heatherfield Ironbridge Kestrelby Lilyford Nettleton Orchardleigh Rookwood""".split()

PETS = """Biscuit Button Clover Copper Dot Fudge Ginger Hob Jam Kipper Mitten Moth Nutmeg Pepper Pickle Pip Plum Puddle
Rags Scout Smoke Sooty Speck Thistle Tinker Toast Truffle Tug Whisk Wren""".split()

# job: where the work is done, what is made or done there, a tool of the trade
JOBS = {
    "baker": ("the bakery", "bakes [bread|rolls|pies|sweet buns]", "rolling pin"),
    "miller": ("the mill", "grinds [wheat|rye|oats|barley]", "flour sieve"),
    "smith": ("the forge", "makes [nails|hinges|horseshoes|iron gates]", "hammer"),
    "carpenter": ("the workshop", "builds [tables|chairs|doors|cupboards]", "plane"),
    "potter": ("the pottery", "makes [cups|bowls|jugs|plates]", "clay knife"),
    "weaver": ("the weaving room", "weaves [blankets|shawls|rugs|scarves]", "shuttle"),
    "teacher": ("the school", "teaches [reading|sums|history|singing]", "box of chalk"),
    "doctor": ("the small clinic", "looks after [sore throats|broken arms|old knees|coughs]", "black bag"),
    "gardener": ("the walled garden", "grows [roses|beans|lettuces|pears]", "rake"),
    "shepherd": ("the high pasture", "watches over [the sheep|the lambs|the goats|the flock]", "crook"),
    "fisher": ("the jetty", "catches [trout|herring|eels|crabs]", "net"),
    "ferry keeper": ("the ferry landing", "carries [travellers|carts|sheep|letters] over the water", "long oar"),
    "librarian": ("the library", "lends out [story books|maps|old poems|cookery books]", "date stamp"),
    "clockmaker": ("the clock shop", "repairs [watches|clocks|music boxes|barometers]", "tiny screwdriver"),
    "beekeeper": ("the bee garden", "sells [honey|wax candles|honey cakes|soap]", "smoker"),
    "cook": ("the inn kitchen", "cooks [soup|stew|dumplings|roast potatoes]", "copper pan"),
    "tailor": ("the sewing room", "sews [coats|dresses|shirts|curtains]", "pair of scissors"),
    "letter carrier": ("the post office", "delivers [letters|parcels|newspapers|birthday cards]", "leather satchel"),
    "farmer": ("the lower farm", "raises [cows|hens|geese|pigs]", "pitchfork"),
    "boatbuilder": ("the boatyard", "builds [rowing boats|rafts|small sailing boats|canoes]", "pot of tar"),
    "painter": ("the studio", "paints [shop signs|portraits|fences|landscapes]", "wide brush"),
    "musician": ("the bandstand", "plays [dances|waltzes|lullabies|marches]", "bow"),
    "stonemason": ("the quarry", "cuts [steps|arches|millstones|kerbs]", "chisel"),
    "cheesemaker": ("the dairy", "makes [butter|cheese|cream|yoghurt]", "wooden paddle"),
    "cobbler": ("the shoe shop", "mends [boots|shoes|sandals|saddles]", "awl"),
    "forester": ("the forest hut", "plants [oaks|pines|birches|beeches]", "axe"),
    "lamplighter": ("the lamp house", "lights [the lamps|the lanterns|the harbour lights|the signal fire]", "long pole"),
    "glassblower": ("the glass house", "blows [bottles|vases|lamp shades|glass beads]", "iron pipe"),
}

# (preposition, place)
PLACES = [tuple(line.split(" ", 1)) for line in """in the orchard
at the old mill
by the river
under the stone bridge
behind the school
in the library
at the market
on the green
by the duck pond
in the bakery
near the church
at the railway station
on the north hill
in the barn
beside the well
in the attic
at the harbour
in the rose garden
by the lighthouse
on the village square
in the hay loft
at the inn
in the hollow oak
by the boathouse
in the cellar
near the waterfall
on the sandy beach
in the pine wood
at the crossroads
behind the town hall
in the greenhouse
by the garden wall
at the post office
in the kitchen
under the apple tree
on the jetty
in the long meadow
by the bus stop
in the tool shed
at the forge""".split("\n")]

RULES = {
    "thing": """brass key;wooden flute;silver whistle;leather purse;blue scarf;tin box;pocket watch;woollen hat;paper kite;
glass marble;old map;picture book;red lantern;fishing rod;straw basket;garden spade;copper kettle;clay jug;green umbrella;
velvet ribbon;music box;penknife;school bag;walking stick;golden button;recipe book;winter coat;small drum;toy boat;
sewing needle;spare wheel;milk pail;bicycle bell;magnifying glass;left boot;letter from the mayor;ball of wool;
jar of honey;sack of seeds;box of paints;bunch of keys;pair of gloves;pair of spectacles;hand mirror;cheese knife;
coil of rope;sun hat;bird book;oil can;garden hose;spinning top;cow bell;tea pot;paper fan;snow globe;chess board;wooden spoon;
bag of nails;pair of slippers;silver spoon;tuning fork;tea towel;candle holder;oak chest;fur cap""",
    "animal": """fox;hare;otter;badger;hedgehog;owl;heron;swan;squirrel;deer;mole;toad;frog;robin;blackbird;magpie;kingfisher;
goose;duck;hen;cow;goat;sheep;donkey;pony;cat;dog;mouse;bat;beaver;stork;swallow;crow;lizard;snail;bee;butterfly""",
    "beast": "stray cat;young fox;lame goose;lost lamb;baby owl;tired swallow;hedgehog;small goat;wet kitten;old donkey;"
             "duckling;brown puppy;grey rabbit;crow with a hurt wing;squirrel;turtle;young deer;pony",
    "food": """barley soup;apple pie;cheese bread;plum cake;potato stew;bean salad;honey toast;fish pie;pancakes;porridge;
roast chestnuts;mushroom omelette;carrot soup;onion tart;cherry jam;ginger biscuits;baked pears;oat cakes;leek pie;dumplings;
blackberry crumble;lentil soup;egg sandwiches;rice pudding;hot chocolate;walnut bread;pea soup;lemon cake;rhubarb tart;noodles;
nettle soup;fried trout;garlic bread;poppy seed cake;stuffed cabbage;raisin buns;turnip mash;goat cheese;almond cake;beet salad;
pickled onions;chestnut cream;boiled eggs;bean stew;currant scones;waffles""",
    "drink": "mint tea;cold milk;apple juice;elderflower water;hot cocoa;strong coffee;lemonade;ginger beer;barley water;camomile tea",
    "crop": "carrots;beans;onions;apples;plums;potatoes;pumpkins;cabbages;pears;turnips;tomatoes;leeks;cherries;beets;peas;strawberries",
    "hobby": """playing chess;painting birds;collecting stones;singing in the choir;growing pumpkins;reading old maps;watching the stars;
carving spoons;baking bread;walking in the hills;keeping bees;mending clocks;swimming in the lake;writing letters;flying kites;
picking mushrooms;telling jokes;knitting socks;fishing at dawn;playing the fiddle;drawing boats;skating;juggling;learning languages""",
    "trait": """patient;cheerful;careful;curious;shy;brave;stubborn;generous;quiet;clever;honest;humble;witty;daring;strict;modest;tidy;forgetful;gentle;proud;funny;
sensible;lively;thoughtful;hard-working;kind;polite;practical;calm;dreamy""",
    "feeling": """glad;proud;tired;relieved;surprised;worried;hopeful;nervous;cheerful;puzzled;grateful;hungry;sleepy;excited;
calm;a little sad;rather cross;very pleased;quite content;full of energy;lonely;delighted""",
    "colour": "red;blue;green;yellow;white;black;brown;grey;golden;silver;orange;purple;pale;dark;cream-coloured;copper;violet;scarlet;bronze;pink",
    "size": "small;large;tiny;huge;narrow;wide;tall;low;long;short;round;square;heavy;simple;sturdy;plain",
    "nice": "lovely;fine;pleasant;wonderful;cosy;bright;peaceful;friendly;splendid;charming;handsome;cheerful;tidy;comfortable",
    "old": "old;ancient;worn;dusty;crooked;faded;rusty;forgotten;mossy;creaky;weathered;patched;battered;crumbling",
    "slowly": "slowly;quickly;carefully;quietly;happily;gently;patiently;bravely;politely;eagerly;calmly;firmly;kindly;softly",
    "day": "Monday;Tuesday;Wednesday;Thursday;Friday;Saturday;Sunday",
    "season": "spring;summer;autumn;winter",
    "month": "January;February;March;April;May;June;July;August;September;October;November;December",
    "number": "two;three;four;five;six;seven;eight;nine;ten;eleven;twelve;thirteen;fourteen;fifteen;sixteen;eighteen;twenty;thirty;forty",
    "time": """early in the morning;before breakfast;after lunch;late in the afternoon;at sunset;just before noon;after supper;
around midnight;at first light;at the ringing of the bell;at tea time;at market time;soon after dinner;at {number_small} o'clock;
in the middle of the day;at closing time;during the lunch hour;at dusk;long before dawn""",
    "number_small": "two;three;four;five;six;seven;eight;nine;ten",
    "once": """one {season} [morning|evening|afternoon];last {day};on a {weather_word} {day};one {weather_word} day in {month};
on the first {day} of {month};many years ago;not long ago;last {month};the day before the [fair|holidays|market|wedding|harvest];
on a [quiet|busy|long|lazy] {day} in {season};{number} [days|weeks|years] ago""",
    "weather_word": "rainy;sunny;windy;foggy;snowy;frosty;warm;cold;stormy;cloudy;mild;damp;hot;grey;bright;chilly",
    "said": "said;answered;replied;whispered;called;laughed;added",
    "walked": "walked;hurried;ran;strolled;went;cycled;wandered;rode;marched;crept",
    "looked": "looked;searched;hunted;peered;poked about;looked around",
    "relative": "sister;brother;aunt;uncle;grandmother;grandfather;cousin;neighbour;mother;father",
    "tree": "oak;poplar;willow;chestnut;pine;cedar;apple tree;walnut tree;maple;lime tree;cherry tree;elm",
    "flower": "roses;daisies;tulips;poppies;violets;bluebells;sunflowers;primroses;lilies;lavender;foxgloves;marigolds",
    "sound": "a soft tapping;a strange humming;a loud scratching;a thin whistle;a slow dripping;a low growl;a faint ringing;"
             "a rustling;a long creak;a tiny squeak;something like footsteps;a splash;a hollow knocking;a deep sigh;a merry tune;a muffled bell;a steady buzzing;a dull thud",
    "land": "hills;forests;rivers;lakes;marshes;cliffs;fields;moors;orchards;meadows;islands;valleys",
    "direction": "north;south;east;west",
    "building": "clock tower;water mill;stone bridge;round church;covered market;wooden theatre;old lighthouse;town hall;"
                "glass house;castle ruin;railway station;windmill;fish market;brick school;bell tower;harbour wall",
    "material": "stone;wood;brick;slate;clay;oak;granite;straw;timber;flint",
    "vehicle": "cart;bicycle;slow train;rowing boat;hay wagon;bus;sledge;pony;ferry;lorry",
    "kin_word": "friend;neighbour;helper;companion;partner",
    "fault": "a broken wheel;a leaking roof;a squeaking door;a cracked window;a blocked chimney;a loose shelf;a torn sail;"
             "a bent gate;a stopped clock;a broken fence;a flat tyre;a split bucket;a wobbly table;a stuck drawer",
    "prize": "a silver cup;a ham;a basket of plums;a blue ribbon;a new hat;a book of poems;a wheel of cheese;a jar of honey;a small medal",
    "contest": "the pie contest;the sack race;the rowing race;the singing contest;the pumpkin show;the egg race;the kite contest;"
               "the ploughing match;the swimming race;the spelling contest;the chess match;the cake show",
    "festival": "lantern night;the apple fair;the village supper;the barn dance;the boat parade;the hilltop fire;the wool market;"
                "the cheese fair;the kite day;the puppet festival;the honey feast;the music week",
    "product": "cheese;apples;boats;pottery;honey;wool;bread;clocks;salt;candles;glass;baskets;fish;cider;furniture;bells;paper;tiles",
}
RULES = {name: value if isinstance(value, list) else [item.strip() for item in value.replace("\n", " ").split(";")]
         for name, value in RULES.items()}
