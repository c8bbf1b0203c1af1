"""The words and signs of a telephone cell, as data.

Collected from the cells of Polish registers and customer files. To teach the reader a new word, add it, casefolded, to
the set that says what it does. The signs are Unicode's White_Space (PropList.txt), its dashes (General_Category Pd),
and what people put for them.

>>> "wew" in EXTENSIONS, "sekretariat" in LABELS
(True, False)
"""


def _words(text: str) -> frozenset[str]:
    return frozenset(text.split())


# --- signs -----------------------------------------------------------------------------------------------------------

# A number goes on over these: white space but for line ends, full stops, quotation marks, what a formula leaves.
SPACES = "\t\x1f \xa0\u1680\u2000\u2001\u2002\u2003\u2004\u2005\u2006\u2007\u2008\u2009\u200a\u202f\u205f\u3000"
FAINT = SPACES + "._=·•\"'`´‘’‚‛“”„‟«»‹›"

# Every dash, the minus sign, and what stands for "to".
DASHES = (
    "-\u058a\u05be\u1400\u1806\u2010\u2011\u2012\u2013\u2014\u2015\u2e17\u2e1a\u2e3a\u2e3b\u2e40\u2e5d\u301c\u3030\u30a0"
    "\ufe31\ufe32\ufe58\ufe63\uff0d\U00010d6e\U00010ead\u2043\u2212÷…~"
)
INSIDE = frozenset(FAINT + DASHES)

OPENING = "([{<"
CLOSING = ")]}>"
PLUS = "+\uff0b"

# Over these it goes on only where its shape says so (`74/817 14 78`, `512,345,678`), over a colon and the last
# ones never.
SLASHES = "/\\"
COMMA = ","
COLON = ":"
STOPS = "\n\v\f\r\x1c\x1d\x1e\x85\u2028\u2029;&|"

# --- words -----------------------------------------------------------------------------------------------------------

# What the number is: nothing that would have to be kept.
LABELS = _words(
    "tel telef telefon telefony telefonu telefoniczny telefax telefaks phone fon ph t fax faks fx f "
    "kom komórka komorka komórkowy komorkowy k mobile mobil mob m cell cellphone gsm handy sms "
    "stacjonarny stacj służbowy sluzbowy służb prywatny pryw domowy dom kontaktowy kontakt kont "
    "kier kierunkowy nr numer numery number no num № ☎ ☏ ✆ 📞 📱"
)

# Of these, the ones that say nothing behind another word: `pok. nr 12`, `wew. nr 12`.
NUMBER_SIGNS = _words("nr numer no №")

# Of these, the ones between which and the next label an area code stands: `kier. 74 tel. 817 14 78`.
AREA_CODES = _words("kier kierunkowy")

# Between two numbers, or the last digits of two.
JOINERS = _words("lub albo bądź badz czy i oraz ew ewent ewentualnie or and oder und")
RANGES = _words("do to bis")

# Before an extension; the first is a preposition as well.
IN = "w"
EXTENSIONS = _words("w wew wewn wewnętrzny wewnetrzny wewnętrznego wewnętrzne ext extn extension x int #")

# The operator's digits between the old trunk zero and the area code, as forms had them: `0-xx-12 345 67 89`.
OPERATORS = _words("x xx xxx * ** *** prefix prefiks")

# Words whose digits stand behind them, and at most how many: hours and floors, rooms, numbers of other registers.
REGISTER = 99
CLAIMS = {
    **dict.fromkeys(_words("po od przed o ok godz godzina godzinie godzinach piętro pietro p"), 2),
    **dict.fromkeys(_words("pok pokój pokoj pokoju sala sali ul al lok lokal bud budynek klatka"), 4),
    **dict.fromkeys(_words("nip regon pesel krs konto gg"), REGISTER),
}

# Words whose digits stand before them: `2 piętro`, `24h`.
UNITS = _words(
    "piętro pietro piętrze pietrze p h godz godzina godziny godzin rano dni dzień lat roku os osoby "
    "pokój pokoju sala sali budynek budynku klatka"
)

# What often stands behind a number in files of customers, and is left off with a notice. So is any other word; these
# are known at sight.
REMARKS = _words(
    "sekretariat sekretarka księgowość ksiegowosc kadry biuro recepcja rejestracja dyrektor dyrekcja kierownik szef "
    "właściciel wlasciciel sklep magazyn serwis praca mama tata żona zona mąż "
    "syn córka corka brat siostra babcia dziadek"
)

# Left off without a notice.
QUIET = LABELS | JOINERS | RANGES

# All that may touch digits and leave no doubt about them.
KNOWN = QUIET | EXTENSIONS | UNITS | CLAIMS.keys()

# Of these, the single letters that might as well stand for a digit behind others: `12 345 67 8m`.
LETTERS = frozenset(word for word in KNOWN - EXTENSIONS - JOINERS if len(word) == 1)

# Letters that are put for digits, by hand or by text recognition.
LOOKALIKES = frozenset("OoIlSBZ")
