"""What is said to a contact person, word for word. A change of the words is a new version, never an edit.

TP-1 asks for a way to reach the customer and says nothing of why. It names the caller and the branch, because
nobody may call under another flag, and it tells of the right to refuse. Sources: CBA 2026 guideline (third
parties), GB/T 45251-2025 ch. 5.
"""

from dataclasses import dataclass


@dataclass(frozen=True)
class Words:
    """`say` in this order; `if_asked` what it is about; `keep_to`: how the caller behaves. With the names left open."""

    say: tuple[str, ...]
    if_asked: str
    keep_to: tuple[str, ...]


@dataclass(frozen=True)
class Script:
    id: str
    version: int
    words: dict[str, Words]

    @property
    def name(self) -> str:
        return f"{self.id} v{self.version}"

    def for_(self, language: str, **names: str) -> Words:
        """The words in `language` (Simplified Chinese when there are none) with the names filled in."""
        words = self.words.get(language, self.words["zh-hans"])
        return Words(
            say=tuple(line.format(**names) for line in words.say),
            if_asked=words.if_asked.format(**names),
            keep_to=words.keep_to,
        )


TP_1 = Script(
    id="TP-1",
    version=1,
    words={
        "zh-hans": Words(
            say=(
                "您好，请问是{person}吗？",
                "我是{branch}的{caller}，工号{employee_number}。有一件事需要与{customer}本人联系。",
                "请问您是否方便告诉我{customer}现在的手机号码？或者请您转告{customer}，回电{hotline}找我。",
                "您没有义务回答。如果您不希望再接到这样的电话，请直接告诉我，我们今后不会再联系您。",
                "谢谢您，再见。",
            ),
            if_asked="这件事只能与{customer}本人沟通，不便告诉其他人，请您谅解。",
            keep_to=(
                "只询问联系方式，或请对方转告回电，不谈其他任何事情。",
                "不说明、不暗示来电缘由；对方猜测时，既不承认也不否认。",
                "对方主动提出帮忙处理时，不追问、不提要求，只如实记录。",
                "对方不愿意时，立即道谢并结束通话。",
            ),
        ),
        "en": Words(
            say=(
                "Hello, am I speaking with {person}?",
                "My name is {caller}, of {branch}, employee number {employee_number}. I would like to get in touch"
                " with {customer} in person.",
                "Could you tell me a mobile number at which {customer} can be reached? Or would you please ask"
                " {customer} to call me back at {hotline}?",
                "You need not answer. If you would rather not be called like this again, please tell me, and we shall"
                " not contact you any more.",
                "Thank you. Goodbye.",
            ),
            if_asked="This is a matter for {customer} alone; please understand that I cannot speak of it.",
            keep_to=(
                "Ask how the person can be reached, or for a call back, and speak of nothing else.",
                "Neither say nor hint why you call; when the other guesses, neither confirm nor deny.",
                "When help is offered, do not take it up and ask for nothing: write it down as it was said.",
                "When the other does not want to talk, thank them and end the call at once.",
            ),
        ),
    },
)
