"""Words of a text, for looking for some of them."""

import re
import unicodedata

_WORD = re.compile(r"\w+")


def words_of(text: str) -> str:
    """The words of `text` in a comparable form, each between two spaces: a phrase is in a text where its words are in it.

    Compatibility forms and upper case make no difference (Unicode Standard, 3.13, caseless matching).
    """
    folded = unicodedata.normalize("NFKC", unicodedata.normalize("NFKC", text).casefold())
    return f" {' '.join(_WORD.findall(folded))} "
