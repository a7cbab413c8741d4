"""Sentences of a note that give orders to a machine, and prove nothing (SPEC 4). Pure.

Notes are data. A model is told so, but may not obey; therefore sentences that read like orders to
it are removed from what can be quoted. The usual forms in four languages are known here, and no
more: in any case each claim of a model is checked against its quotes.
"""

import re
import unicodedata
from collections.abc import Iterable

from services.rules.sentences import sentences

_ORDER = r"""
    (?<!to\ )\b(?:ignore|disregard|forget|override|bypass)\b[^.]{0,20}
        \b(?:previous|prior|above|earlier|preceding|all|any|your|system|these|safety)\b[^.]{0,30}
        \b(?:instructions?|prompts?|rules?|guidelines?|directions|context|messages?)\b
    | \bsystem\s+(?:prompt|message|override|instruction)
    | \b(?:new|updated|hidden|secret|developer)\s+instructions?\s*[:=]
    | ^\W*end\s+of\s+(?:the\s+)?(?:notes?|input|data|prompt|instructions)\W*$
    | ^\W*(?:system|assistant|developer|user|ai|human)\s*[:>\]]
    | </?\s*(?:notes?|system|instructions?|prompt|assistant|user|data|input|part|summary)\b[^>]*>
    | <\|.*?\|> | \[/?(?:inst|system|sys)\] | ^\#{2,}\s*(?:system|instruction|response)
    | "(?:role|headline|engagement|confidence|topics|statement|evidence|level|quote|part_id)"\s*:
    | \b(?:you\s+are|act\s+as|pretend\s+to\s+be|as|dear|hey|attention|note\s+to)\s+(?:now\s+)?
        (?:an?\s+|the\s+)?(?:ai|gpt|chatgpt|chatbot|language\s+model|llm|summari[sz]er
        |ai\s+assistant|summary\s+bot)\b
    | \b(?:write|say|state|put|include|add|insert|append|mention|print|end|start)\b.{0,80}
        \b(?:in|into|to|of|at)\s+(?:the|your|this)\s+(?:\w+\s+)?summary\b
    | \bsummary\s+(?:must|should|shall|has\s+to)\s+(?:say|state|include|mention|contain|read)\b
    | ^\W*(?:please\s+)?(?:set|rate|mark|report|record|output)\s+(?:the\s+|both\s+)*
        (?:engagement|confidence|level)\b
    | \bjailbreak | \b(?:decode|base64)\b.{0,40}\b(?:follow|obey|execute|this)\b
    | \b(?=[a-z0-9+/]*\d)(?=[a-z0-9+/]*[a-z])[a-z0-9+/]{24,}={0,2}  # base64
    | (?:忽略|无视|忽視|無視|不要理会|忘记|忘掉).{0,6}
        (?:之前|以上|前面|上述|上面|所有|先前|全部).{0,8}
        (?:指令|指示|提示|规则|規則|说明|内容)
    | 系统(?:提示|指令|消息) | 你(?:现在)?是.{0,8}(?:AI|人工智能|助手|模型|机器人)
    | (?:在|于)?(?:摘要|总结)(?:中|里|里面).{0,6}(?:写|说|加|注明|输出)
    | (?:abaikan|lupakan|jangan\s+ikut).{0,20}(?:semua|sebelum|terdahulu|di\s+atas).{0,20}
        (?:arahan|perintah|peraturan|prompt)
    | (?:abaikan|lupakan|jangan\s+ikut).{0,10}(?:arahan|perintah|peraturan|prompt).{0,20}
        (?:sebelum|terdahulu|di\s+atas)
    | \barahan\s+sistem\b | \b(?:dalam|ke\s+dalam)\s+ringkasan\b
    | \banda\s+(?:ialah|adalah|kini)\s+(?:ai|pembantu|model)\b
    | (?:முந்தைய|மேலே|மேற்கண்ட|அனைத்து|எல்லா).{0,30}(?:அறிவுறுத்தல்|வழிமுறை|கட்டளை|விதி).{0,20}
        (?:புறக்கணி|மற|நிராகரி|தவிர்)
    | சுருக்கத்தில் | (?:கணினி|அமைப்பு)\s*(?:கட்டளை|அறிவுறுத்தல்)
    """
_FOLLOWING = r"""
    ^\W*(?:instead|now|then|also|and|just|only|please|you\s+(?:must|will|should|are)|from\s+now\s+on
        |do\s+not\s+(?:mention|tell|reveal)|output|print|repeat|respond|reply|answer|write|say|state
        |include|append|add|rate|set|mark|give|tell|insert|begin|start|praise|recommend|claim
        |the\s+(?:student|tutor|child|parents?|agency)\s+(?:is|are|must|should|deserves?|owes?|has)
        |tulis|katakan|nyatakan|masukkan|sebut|cakap|beri|pelajar\s+ini|tutor\s+ini)\b
    | ^\W*(?:请|只|并|而是|改为|现在|你必须)?(?:写|说|输出|回复|回答|加上|注明|告诉|评为|给)
    | (?:எழுது|சொல்|கூறு|குறிப்பிடு|சேர்)(?:ங்கள்|க)?\W*$
    | [{}\[\]]\s*[,"]?\s*$ | ^\s*[{}"]
    """
"""Sentence that is an order only next to another one."""

_CODE = re.compile(r"(?=\S*[A-Z\d])(?=\S*(?:[A-Z].*[A-Z]|\d))[A-Za-z\d][\w-]{4,}")
"""Word like a passphrase: capitals, digits."""
_WORD = re.compile(r"[\u4e00-\u9fff]|[^\s\u4e00-\u9fff.,!?;:()\[\]{}\"'“”‘’。，！？；：、…]+")
ECHO = 4
"""How many words in a row, found in an order and nowhere else, repeat the order."""


def readable(text: str) -> str:
    """Text to search for orders: without invisible characters, in one character width."""
    seen = "".join(one for one in text if unicodedata.category(one) != "Cf")
    return unicodedata.normalize("NFKC", seen)


def _found(pattern: str, text: str) -> bool:
    """Whether a text has it; Python keeps what it compiles, which is long: not before it must."""
    return re.search(pattern, text, re.IGNORECASE | re.VERBOSE) is not None


def orders(text: str) -> tuple[str, ...]:
    """Sentences that give orders to a machine, as they stand in the text."""
    every = sentences(text)
    first = [_found(_ORDER, readable(sentence)) for sentence in every]
    if not any(first):
        return ()
    return tuple(
        sentence
        for sentence, is_order in zip(every, first, strict=True)
        if is_order or _found(_FOLLOWING, readable(sentence))
    )


def echoes(statement: str, given: Iterable[str], said: Iterable[str]) -> bool:
    """Whether a statement repeats words of an order that the rest of the notes lacks."""
    wanted = " \n ".join(readable(order) for order in given)
    if not wanted:
        return False
    rest = " \n ".join(readable(text) for text in said)
    statement = readable(statement)
    if any(code in wanted and code not in rest for code in _CODE.findall(statement)):
        return True
    return bool(_runs(statement) & (_runs(wanted) - _runs(rest)))


def _runs(text: str) -> set[tuple[str, ...]]:
    words = _WORD.findall(text.casefold())
    return {tuple(words[place : place + ECHO]) for place in range(len(words) - ECHO + 1)}
