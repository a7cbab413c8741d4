"""Cue words by which the offline extractor sorts sentences (SPEC 4).

Small lists in English (with expressions of Singapore and Malaysia), Chinese, Malay and Tamil. Each
entry is a piece of a regular expression; entries are separated by a line break, or by a bar between
spaces. In English and Malay they match whole words.
"""

import re
from dataclasses import dataclass
from functools import cached_property

_ENTRY = re.compile(r"\s+\|\s+|\s*\n\s*")


@dataclass(frozen=True)
class Words:
    """Cues for one thing, by language."""

    en: str = ""
    zh: str = ""
    ms: str = ""
    ta: str = ""

    @cached_property
    def pattern(self) -> re.Pattern[str]:
        """One pattern for all languages: a sentence's language is not known beforehand.

        Compiled when it is first needed: all of them take longer than any library to load.
        """
        latin, other = _entries(self.en, self.ms), _entries(self.zh, self.ta)
        whole = [rf"(?<!\w)(?:{'|'.join(latin)})(?!\w)"] if latin else []
        return re.compile("|".join([*whole, *other]), re.IGNORECASE)


def _entries(*lists: str) -> list[str]:
    return [entry for one in lists for entry in _ENTRY.split(one) if entry]


_VERY = "(?:very|really|so|super|highly|extremely|fully|totally|damn|quite a lot|always)"
_ATTENTIVE = "(?:engaged|focus+ed|attentive|interested|keen|enthusiastic|motivated|involved|eager)"
_TA_VERY = "(?:மிகவும்|மிக|மிகுந்த|ரொம்ப|முழு) ?"

ENGAGED = Words(
    en=rf"""
        {_VERY} (?:and {_VERY} )?(?:\w+ and )?{_ATTENTIVE}
        (?:stayed|remained|was) (?:engaged|focused|attentive) (?:throughout|the (?:whole|entire) .*)
        (?:engaged|focused|attentive) (?:throughout|all the way|the (?:whole|entire) \w+)
        full(?:y)? (?:of )?(?:attention|concentration) | participated actively
        actively participated | asked (?:lots of|many|a lot of|plenty of) (?:\w+ )?questions
    """,
    zh="""
        (?:非常|十分|特别|很|全程|一直)(?:专注|专心|认真|投入|积极|感兴趣|有兴趣) | 全神贯注
        积极参与 | 聚精会神 | 兴致勃勃
    """,
    ms=r"""
        (?:sangat|amat|begitu|cukup) (?:fokus|tekun|bersemangat|aktif|berminat|tertumpu)
        (?:fokus|tekun|bersemangat) (?:betul|sekali|sepanjang \w+) | penuh perhatian
        sepenuh perhatian | tumpuan penuh
    """,
    ta=rf"{_TA_VERY}(?:ஆர்வ|கவன|ஈடுபா|உற்சாக)\S* | முழு (?:கவன|ஈடுபா)\S*",
)
HALF_ENGAGED = Words(
    en=rf"""
        (?:quiet|shy|tired|slow|a bit \w+) but (?:still )?{_ATTENTIVE}
        (?:fairly|quite|mostly|somewhat|rather|reasonably|moderately) {_ATTENTIVE}
        {_ATTENTIVE} (?:at times|most of the time|for (?:half|part) of .*|on and off)
    """,
    zh="安静但(?:是)?(?:很|也)?(?:专心|认真|专注) | (?:比较|还算|基本上)(?:专注|专心|认真|投入)",
    ms=r"""
        (?:pendiam|senyap|diam) (?:tetapi|tapi) (?:memberi perhatian|fokus|tekun|menumpukan \w+)
        (?:agak|sederhana) (?:fokus|tekun|bersemangat|aktif)
    """,
    ta=r"அமைதியாக\S* (?:இருந்தாலும்|ஆனால்) (?:கவன|ஆர்வ)\S* | ஓரளவு (?:ஆர்வ|கவன)\S*",
)
UNENGAGED = Words(
    en=rf"""
        distracted | sleepy | bored | restless | unfocused | disengaged | unmotivated
        inattentive | sian | fidgety
        (?:was|is|seemed|looked|felt|a bit|very|quite|so|too|and|still) (?:very |a bit )?tired
        tired (?:today|and|after) | lost (?:focus|concentration|interest)
        (?:not|never|hardly|barely|\w+n't) (?:\w+ ){{0,2}}{_ATTENTIVE}(?: at all)?
        (?:cannot|could not|couldn't|can't|unable to|hard to) (?:focus|concentrate|sit still)
        (?:cannot|could not|couldn't|can't|did not|didn't) (?:focus|concentrate|pay attention)
        (?:kept|keeps|keep) (?:looking at|checking|using|playing with) (?:his|her|the|their) \w+
        fell asleep | no interest | no mood | short attention span
    """,
    zh="""
        分心 | 走神 | 犯困 | 打瞌睡 | 没精神 | 没有精神 | 心不在焉 | 不耐烦 | 提不起兴趣 | 坐不住
        (?:很|有点|有些|比较|太|非常)(?:累|疲倦|疲惫|困(?!难|惑|扰))
        (?:不|没有?|不太|不够|不是很|不怎么)(?:专注|专心|认真|投入|积极)
        注意力不集中 | 没有?兴趣
    """,
    ms="""
        letih | penat | mengantuk | bosan | leka | mudah terganggu | hilang (?:fokus|tumpuan)
        berangan
        (?:tidak|tak|kurang|tidak berapa|tak berapa) (?:fokus|berminat|bersemangat|tumpu|aktif)
        (?:tidak|tak) (?:dapat |boleh )?(?:memberi|menumpukan) (?:perhatian|tumpuan)
    """,
    ta=r"""
        கவனச்? ?சிதற\S* | கவனம் சிதற\S* | சோர்வ\S* | தூக்க\S* | களைப்ப\S* | சலிப்ப\S*
        (?:கவனம்|ஆர்வம்|ஈடுபாடு) (?:இல்லை|இல்லாமல்|குறைவ\S*) | கவனிக்கவில்லை
    """,
)

CONFIDENT = Words(
    en=rf"""
        {_VERY} (?:\w+ and )?(?:confident|sure of (?:him|her)self) | full of confidence
        with (?:great|much|a lot of|real) confidence | confidence is high
        confident(?:ly)? (?:throughout|in all|with all|on (?:his|her|their) own)
    """,
    zh="""
        (?:很|非常|十分|特别|更加)(?:有信心|自信) | 充满(?:了)?(?:信心|自信) | 信心十足 | 信心满满
    """,
    ms="""
        (?:sangat|amat|begitu|cukup|penuh) (?:yakin|berkeyakinan|keyakinan)
        yakin (?:sekali|betul)
    """,
    ta=rf"{_TA_VERY}(?:தன்னம்பிக்கை|நம்பிக்கை)\S*",
)
HALF_CONFIDENT = Words(
    en=r"""
        (?:fairly|quite|somewhat|rather|reasonably|mostly|moderately) (?:confident|sure of \w+self)
        (?:slowly |gradually )?(?:gaining|building(?: up)?|growing in) (?:\w+ )?confidence
        (?:a (?:bit|little) |slightly )?more confident(?: now| today)?
    """,
    zh="""
        比较(?:有信心|自信) | 有(?:一)?点信心 | 信心有所提升 | 慢慢有(?:了)?信心
        逐渐有(?:了)?信心
    """,
    ms="""
        (?:agak|semakin|makin) (?:yakin|berkeyakinan)
        keyakinan (?:semakin )?(?:bertambah|meningkat)
    """,
    ta=r"ஓரளவு (?:தன்னம்பிக்கை|நம்பிக்கை)\S* | (?:தன்னம்பிக்கை|நம்பிக்கை) (?:வளர்|அதிகரி)\S*",
)
UNCONFIDENT = Words(
    en=r"""
        (?:not|never|hardly|barely|\w+n't) (?:\w+ ){0,2}(?:confident|sure of \w+self)(?: at all)?
        (?:no|low|lacks?|lacking|lost|little|lack of)(?: in)? (?:self-)?confidence | unconfident
        unsure of (?:him|her)self | insecure | scared of (?:making mistakes|being wrong|wrong)
        afraid (?:to (?:try|answer|ask)|of (?:making mistakes|being wrong)) | second-guess\w*
        (?:said|says|thinks) (?:that )?(?:he|she|they) (?:is|was|are) (?:stupid|bad at \w+)
    """,
    zh="""
        (?:没有?|缺乏|缺少|失去)(?:自)?信心 | (?:不|不太|不够|不是很)(?:有信心|自信) | 信心不足
        信心不够 | 害怕(?:做错|出错|犯错)
        怕(?:做错|出错|犯错) | 不敢(?:回答|尝试|说|问)
    """,
    ms="""
        (?:tidak|tak|kurang|hilang|belum)(?: berapa| begitu)? (?:yakin|keyakinan|berkeyakinan)
        takut (?:salah|membuat kesilapan|buat silap) | ragu-ragu | tiada keyakinan
    """,
    ta=r"""
        (?:தன்னம்பிக்கை|நம்பிக்கை)(?:யே)? ?(?:இல்லை|இல்லாமல்|குறைவ\S*|குறைந்\S*) | தயங்க\S*
        தயக்க\S* | பயப்ப\S* | பயந்\S*
    """,
)

UNSURE = Words(
    en=r"""
        if | unless | whether | need(?:s|ed)? to | needs? more | should | must | hope\w*
        wish\w* | want(?:s|ed)? | try to | will | would | could(?:n't| not) be more | might
        may | maybe | usually | normally | used to | previously | yesterday
        last (?:week|time|lesson|session|month|year) | next (?:week|time|lesson|session)
    """,
    zh="""
        如果 | 要是 | 希望 | 应该 | 需要 | 必须 | 下次 | 下周 | 上次 | 上周 | 之前 | 以前 | 昨天
        是否
    """,
    ms=r"""
        jika | kalau | harap\w* | perlu | patut | harus | mesti | akan
        minggu (?:lepas|lalu|depan) | sebelum ini | semalam
    """,
    ta="வேண்டும் | இருந்தால் | கடந்த | அடுத்த | முன்பு | நேற்று",
)
"""Cues of a sentence that is a wish or about another day."""
OTHERS = Words(
    en=r"""
        (?:his|her|their|the) (?:\w+ )?(?:brother|sister|sibling|cousin|mother|mum|mom|father|dad)
        (?:his|her|their|the) (?:\w+ )?(?:parents?|friends?|classmates?|grandm\w+|grandf\w+)
        (?:his|her|their|the) (?:\w+ )?(?:maid|helper|teacher|dog|cat)
        i (?:was|am|felt|feel) | i'm | we were
    """,
    zh="(?:弟弟|妹妹|哥哥|姐姐|妈妈|爸爸|同学|朋友)(?:很|非常|有点|也|今天) | 我(?:有点|很|今天)",
    ms=r"""
        (?:adik|abang|kakak|ibu|emak|bapa|ayah|kawan|rakan)(?:nya)?
        saya (?:agak |sangat )?(?:letih|penat)
    """,
    ta=r"(?:தம்பி|தங்கை|அண்ணன்|அக்கா|அம்மா|அப்பா|நண்ப\S*)",
)
"""Cues of a sentence that may be about somebody else than the student."""

_NOT = "(?:not|never|no|no longer|without|hardly|barely|(?:is|was|did|does|do|are|were|has)n't)"
_BETWEEN = (
    "(?:at all|any|an?|the|have|has|had|be|been|feel|feeling|get|show|seem|look|to|much|too|really"
    "|was|is|very|so|as|longer|single|signs? of)"
)

DENIED = Words(
    en=rf"{_NOT}(?: {_BETWEEN}){{0,3}}",
    zh="[不没未]有?(?:再|太|是|那么|什么|出现|觉得|感到|任何)? | 毫无 | 并非",
    ms="""
        (?:tidak|tak|bukan|belum|tiada|tanpa)(?: (?:lagi|ada|nampak|berasa|pernah|begitu)){0,2}
    """,
)
"""Words that reverse the cue after them."""
DENIED_BEHIND = Words(
    ta=r"இல்லை | இல்லாமல் | அல்ல | \S*வில்லை",
)
"""Words that reverse the cue before them, as in Tamil."""

NEXT_STEPS = Words(
    en=r"""
        next (?:time|week|lesson|session|class|steps?)
        homework(?: is| are| for|:| -|,)(?! (?:\w+ )?(?:done|(?:in)?complete\w*|finished|correct))
        (?<!\S )homework(?! (?:was|is|were|not|done|all|complete\w*|finished|had))
        no homework(?! (?:was|done|handed|submitted|(?:in)?complete\w*))
        for homework | hw ?[:=-] | to (?:do|complete|finish) (?:at home|by \w+) | assigned
        (?:we|i|he|she|they)(?:'ll| will| are going to| is going to)
        will (?:do|cover|continue|revise|start|go) | please | should | needs? (?:to|more)
        plan(?:ning)? to | to (?:practi[sc]e|revise|work on) | recommend\w* | going forward
        follow[- ]up | tomorrow
    """,
    zh="""
        下次 | 下周 | 下一?节 | 下堂 | 功课[:：是] | 作业[:：是] | 回家 | 接下来 | 将会 | 会继续
        需要多 | 建议 | 请
        要(?:多)?(?:练习|复习|完成) | 应该 | 计划
    """,
    ms=r"""
        minggu depan | sesi (?:depan|seterusnya|akan datang) | kelas (?:depan|seterusnya)
        lain kali | akan | kerja rumah(?: ialah| adalah|:| -)? | perlu | sila | latihan di rumah
        cadang\w* | seterusnya | esok | tolong
    """,
    ta=r"""
        அடுத்த\S* | வீட்டுப்பாட\S* | வீட்டுப் பாட\S* | வேண்டும் | செய்வோம் | தொடர்வோம்
        பயிற்சி செய்ய\S* | நாளை
    """,
)
STRUGGLES = Words(
    en=r"""
        struggl\w+ | difficult\w* | hard time | confus\w+ | blur | stuck | mistakes?
        careless\w* | weak\w* | forgot\w* | forgets? | wrong | mixed up | mixes up | trouble
        problem with | problems with | slow | slipped | unsure | errors? | gave up
        guess(?:ed|es|ing) | rush(?:ed|es|ing)? | cannot | can't | couldn't | jialat
        unfinished | incomplete | unable | missed | lost marks
        (?:did|does|do|has|have|had)(?: not|n't) (?:\w+ )?(?:understand|know|get|remember|do|done)
        (?:did|has|have|had)(?: not|n't) (?:\w+ )?(?:finish|complete|master|grasp|manage)\w*
        (?:is|was)(?: not|n't) (?:\w+ )?(?:good|able|clear|done|finished|complete\w*)
        dun (?:understand|know|get) | don't (?:understand|know|get) | still don'?t
    """,
    zh="""
        困难 | 不会 | 不懂 | 不明白 | 不理解 | 混淆 | 粗心 | 错误 | 做错 | 写错 | 错了 | 忘记
        忘了 | 薄弱 | 不熟 | 不太会 | 卡住
        吃力 | 没做完 | 没完成 | 有问题 | 不清楚 | 不好 | 弄错 | 搞错
    """,
    ms="""
        sukar | susah | sulit | keliru | silap | kesilapan | kesalahan | cuai | lupa | lemah
        bermasalah | masalah dengan | terkial
        (?:tidak|tak|belum|kurang) (?:faham|tahu|pandai|mahir|ingat|siap|dapat|boleh|mampu)
        (?:tidak|tak|belum|kurang) (?:lancar|jelas)
    """,
    ta=r"""
        சிரம\S* | கடின\S* | தவற\S* | பிழை\S* | குழப்ப\S* | மறந்\S* | புரியவில்லை | தெரியவில்லை
        முடியவில்லை | பலவீன\S* | தடுமாற\S*
    """,
)
STRENGTHS = Words(
    en=r"""
        (?:did|does|do|doing|went|done) (?:\w+ )?well | good | great | excellent | improv\w+
        strong\w* | correctly | all correct | independent\w* | on (?:his|her|their) own
        understands? | understood | master\w+ | able to | can (?:now )?\w+ | proud | fast
        quick\w* | accurate\w* | solved | managed | brilliant | best | progress\w* | steady
        power | shiok | neat\w* | well done | easily | focused | engaged | attentive
        confident\w* | full marks | hardworking | participated
    """,
    zh="""
        进步 | 很好 | 不错 | 优秀 | 正确 | 全对 | 掌握 | 独立 | 能够 | 理解 | 学会 | 做得好
        熟练 | 提高 | 棒 | 满分 | 可以自己
        自信 | 专心 | 认真 | 流利 | 积极
    """,
    ms="""
        baik | bagus | cemerlang | pandai | mahir | berjaya | betul | faham | memahami
        meningkat | peningkatan | dapat | boleh | mampu | tepat | hebat | lancar | cepat
        kemajuan | sendiri | fokus | yakin
    """,
    ta=r"""
        நன்றாக\S* | சிறப்ப\S* | அருமை\S* | முன்னேற்ற\S* | சரியாக\S* | புரிந்து\S* | திறமை\S*
        வெற்றி\S* | தானாக\S* | விரைவாக\S* | நல்ல
    """,
)
TOPICS = Words(
    en=r"""
        today | we did | did | covered | went through | go(?:ne)? through | worked on | revised
        revision | reviewed | practi[sc]ed? | learn(?:t|ed) | taught | topics? | chapter
        introduced | started | continued | focused on | lesson | discussed | read | finished
        completed | worksheet | paper | test | exercise | attempted | scored | got \d+ | marks
    """,
    zh="""
        今天 | 学了 | 学习了 | 复习了? | 讲了 | 讲解 | 练习了? | 做了 | 温习 | 教了 | 主题
        单元 | 课文 | 试卷 | 考卷 | 完成了
        这节课 | 得了
    """,
    ms="""
        hari ini | belajar | mempelajari | ulang ?kaji | mengulang ?kaji | topik | bab | latihan
        membuat | buat | membincangkan | mengajar | diajar | menyiapkan | membaca | kertas
        markah | kami
    """,
    ta=r"""
        இன்று | கற்றோம் | படித்தோம் | பாடம் | தலைப்பு | பயிற்சி | செய்தோம் | பார்த்தோம்
        கற்றுக்\S* | மதிப்பெண்\S*
    """,
)
GREETINGS = Words(
    en="""
        hi | hello | hey | dear | good (?:morning|afternoon|evening|day) | thanks? | thank you
        thx | regards | cheers | bye | have a (?:good|nice|great) .*
    """,
    zh="^(?:您好|你好|大家好|谢谢|家长好|早上好|晚上好|下午好|辛苦了)",
    ms="""
        selamat (?:pagi|petang|malam|tengah hari|sejahtera) | terima kasih | salam
        assalamualaikum | sekian
    """,
    ta="^(?:வணக்கம்|நன்றி)",
)
