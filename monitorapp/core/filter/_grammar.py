"""The grammar of the filter language, and what is wrong with an expression that breaks it."""

from __future__ import annotations

from functools import cache
from typing import Final

from lark import Lark, Token, Tree
from lark.exceptions import UnexpectedCharacters, UnexpectedInput

from monitorapp.core.filter.error import FilterError
from monitorapp.core.filter.names import COMPARED, FIELDS

# Between a name, its colon and its value there is no space: so each looks at what follows. Around
# other signs there can be some.
_GRAMMAR: Final = r"""
    start: either?
    ?either: both (_OR both)*
    ?both: term (_AND? term)*
    ?term: _NOT term -> negated
         | "(" either ")"
         | PHRASE -> phrase
         | REGEX -> regex
         | FIELD _COLON _value -> field
         | FIELD NOTHING -> field
         | FIELD SIGN _operand -> exact
         | FIELD LAST_SIGN -> exact
         | COMPARED SIGN _operand -> comparison
         | COMPARED LAST_SIGN -> comparison
         | COMPARED COLON _value -> comparison
         | COMPARED NOTHING -> comparison
         | UNKNOWN _COLON _value -> unknown
         | UNKNOWN SIGN _operand -> unknown
         | UNKNOWN LAST_SIGN -> unknown
         | WORD -> word
    _value: PHRASE | VALUE_REGEX | VALUE
    _operand: PHRASE | VALUE

    _OR.5: /or(?=[\s()]|$)/i
    _AND.5: /and(?=[\s()]|$)/i
    _NOT.5: /[-!]|not(?=[\s()"]|$)/i
    PHRASE.4: /"(?:[^"\\]|\\.)*"/
    REGEX.4: /\/(?:[^\/\\]|\\.)+\/(?=[\s)]|$)/
    FIELD.4: /(?:<fields>)(?=:|\s*(?:[<>=]|!=))/i
    COMPARED.4: /(?:<compared>)(?=:|\s*(?:[<>=]|!=))/i
    UNKNOWN.3: /(?!localhost:)[a-z]+(?=:[a-z0-9"]|\s*!=|\s+==?(?:\s|$)|\s*[<>]=?\s*[0-9])/i
    WORD.1: /[^\s()"\-!][^\s()"]*/

    _COLON: /:(?=[^\s()])/
    COLON: /:(?=[^\s()])/
    NOTHING: /:(?=[\s()]|$)/
    SIGN: /[<>]=?|!=|==?/
    LAST_SIGN.2: /(?:[<>]=?|!=|==?)(?=\s*(?:[()]|$))/
    VALUE_REGEX.4: /\/(?:[^\/\\]|\\.)+\/(?=[\s)]|$)|\/[^\s()"]+\/(?=[\s()"]|$)/
    VALUE.1: /[^\s()"]+/
    %ignore /\s+/
"""


def parse(expression: str) -> Tree[Token]:
    """Return the tree of an expression.

    Raises:
        FilterError: It breaks the grammar.
        RecursionError: It is nested too deeply.
    """
    try:
        return _parser().parse(expression)
    except UnexpectedInput as error:
        raise _explained(error, expression) from None


@cache
def _parser() -> Lark:
    grammar = _GRAMMAR.replace("<fields>", "|".join(FIELDS))
    grammar = grammar.replace("<compared>", "|".join(COMPARED))
    return Lark(grammar, parser="lalr", maybe_placeholders=False)


def _explained(error: UnexpectedInput, expression: str) -> FilterError:
    end = len(expression)
    place = getattr(error, "pos_in_stream", None)
    token = getattr(error, "token", None)
    if isinstance(error, UnexpectedCharacters) and place is not None:
        if expression[place] == '"':
            return FilterError("The quotation mark is not closed.", place, end)
        return FilterError("Unexpected input.", place, place + 1)
    if token is None or token.type == "$END" or place is None:
        if expression.count("(") > expression.count(")"):
            return FilterError("The parenthesis is not closed.", expression.rfind("("), end)
        last = len(expression.rstrip()) - 1
        return FilterError("Something is missing at the end.", max(0, last), max(1, last + 1))
    problem = "Unexpected input."
    if token.type == "RPAR":
        problem = "There is nothing to close here: write ( before it, or quote it."
    return FilterError(problem, place, place + len(token))
