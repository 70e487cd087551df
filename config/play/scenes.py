"""What the teams find behind the doors. The notes are what agents would type, in their own language."""

from dataclasses import dataclass
from random import Random


@dataclass(frozen=True)
class Promised:
    """`share` of the overdue amount, as far as people have so much at once, to be paid in `days` days."""

    share: float
    days: int


@dataclass(frozen=True)
class Scene:
    """One visit, in the codes of the API: what is recorded, and why the team broke off if it did."""

    party: str = "DEBTOR"
    address_state: str = "VALID"
    result: str = ""
    hardship_reason: str = ""
    notes: str = ""
    promised: Promised | None = None
    breaks_off: str = ""
    danger: str = ""
    enters: bool = False
    line_breaks: bool = False
    often: int = 1


# Every day has these, in this order, before anything is left to chance.
CERTAIN = (
    Scene(
        result="PROMISE",
        hardship_reason="INCOME_LOSS",
        notes="客户上月换了工作，工资晚发半个月。已核对身份，说明欠款构成，客户主动提出先还一半。",
        promised=Promised(0.5, 3),
    ),
    Scene(
        party="FAMILY",
        result="REFUSES_TO_TALK",
        breaks_off="SAFETY",
        danger="THREAT",
        notes="开门后一名男子（非客户本人）大声辱骂并持木棍逼近，我们立即一同离开，未发生冲突，人员无恙。",
    ),
    Scene(
        result="REFUSES_TO_PAY",
        notes="客户本人在家，态度平静，表示对利息计算不满，明确不愿还款。已告知投诉渠道，未再争辩。",
    ),
    Scene(
        result="PROMISE",
        hardship_reason="FORGOT",
        notes="客户说自动扣款的卡换了，忘记更新。当面在手机银行绑定了新卡，约定明天还清。",
        promised=Promised(1.0, 1),
        line_breaks=True,
    ),
)

BY_CHANCE = (
    Scene(
        result="PROMISE",
        hardship_reason="AUTO_DEBIT",
        notes="客户称扣款日余额不足，发工资后即可补上。复述了金额和日期，客户确认无误。",
        promised=Promised(0.8, 5),
        often=3,
    ),
    Scene(
        result="PROMISE",
        hardship_reason="BUSINESS",
        notes="客户经营的小饭馆近期生意清淡，愿意先付一部分表示诚意，余下的等月底结账后再谈。",
        promised=Promised(0.3, 10),
        often=3,
    ),
    Scene(
        result="PROMISE",
        hardship_reason="AWAY",
        notes="客户刚从外地工地回来，手机停机所以没收到账单。态度配合，约定周内先还一笔。",
        promised=Promised(0.5, 4),
        often=3,
    ),
    Scene(
        result="PROMISE",
        hardship_reason="INCOME_LOSS",
        notes="客户六月起待岗，现已找到新工作。算过家里的固定开支后，说了一个自己能做到的数。",
        promised=Promised(0.2, 8),
        often=2,
    ),
    Scene(
        result="HARDSHIP",
        enters=True,
        hardship_reason="ILLNESS",
        notes="客户请我们进屋坐谈。客户妻子正在住院化疗，开支很大。我们表示理解，介绍了延期政策，请客户准备住院证明。",
        often=2,
    ),
    Scene(
        result="HARDSHIP",
        hardship_reason="FAMILY",
        notes="客户离婚后独自抚养两个孩子，收入只够日常。没有催促，记下情况，请主管考虑帮扶方案。",
    ),
    Scene(
        result="PLAN_REQUEST",
        hardship_reason="OVER_DEBT",
        notes="客户同时欠三家机构，希望分十二期偿还。已记下收入和家庭支出，答复需由主管审批。",
        often=2,
    ),
    Scene(
        result="PLAN_REQUEST",
        hardship_reason="BUSINESS",
        notes="客户的货款要到年后才能收回，想把还款日推到三月。说明了展期条件，未作任何承诺。",
    ),
    Scene(
        party="NOBODY",
        result="NO_CONTACT",
        notes="敲门三次无人应答，邻居说白天一般上班。未向邻居透露来意。",
        often=2,
    ),
    Scene(
        party="NOBODY",
        address_state="NO_ACCESS",
        result="NO_CONTACT",
        notes="小区门禁严格，未能入内。在门口等候十分钟后离开，没有请保安传话。",
    ),
    Scene(
        party="NOBODY",
        address_state="VACANT",
        result="NO_CONTACT",
        notes="门把手积灰，电表不走，像是很久没有人住。已拍下门牌号核对，地址无误。",
    ),
    Scene(
        party="FAMILY",
        result="MESSAGE_LEFT",
        notes="客户母亲开门，说儿子出差，周末回来。只留下网点电话，未提及债务。",
        often=2,
    ),
    Scene(
        party="NEIGHBOUR",
        address_state="MOVED",
        result="MESSAGE_LEFT",
        notes="物业说该户去年已卖房搬走，新地址不详。未说明来访目的。",
    ),
    Scene(
        result="PAID_CLAIMED",
        notes="客户出示了昨晚的转账截图，金额与逾期一致，待核实入账。",
        often=2,
    ),
    Scene(
        result="THIRD_PARTY_PAYS",
        hardship_reason="INCOME_LOSS",
        notes="客户说姐姐愿意代为偿还。请客户自行与家人商量，我们没有联系其姐姐。",
    ),
    Scene(
        result="DISPUTE",
        hardship_reason="DISPUTE",
        notes="客户对一笔三千元的境外消费有异议，称非本人交易。已停止谈论还款，转争议处理。",
    ),
    Scene(
        result="REFUSES_TO_TALK",
        breaks_off="ASKED_TO_LEAVE",
        notes="客户隔门请我们离开，我们致歉后即离开，未逗留。",
    ),
)


def scene_for(*, slot: int, seed: int, team: str) -> Scene:
    """What happens at the visit number `slot` of the whole day: the certain ones first, then what chance brings."""
    if slot < len(CERTAIN):
        return CERTAIN[slot]
    dice = Random(f"{seed} {team} {slot}")
    return dice.choices(BY_CHANCE, weights=[scene.often for scene in BY_CHANCE])[0]
