"""The texts the rules follow, as packaged: what each is called, where it was read, how far it was confirmed.

A compliance officer corrects them in the admin (`compliance.models.LegalSource`); a missing article number is filled in
there, never guessed here. Read in November 2026; the addresses say where.
"""

from dataclasses import dataclass
from enum import StrEnum


class Verification(StrEnum):
    """How far a source was confirmed."""

    CONFIRMED = "CONFIRMED"  # the text itself was read
    SECONDARY = "SECONDARY"  # a report of the text was read
    BACKGROUND = "BACKGROUND"  # known, no text read
    NOT_FOUND = "NOT_FOUND"  # looked for in vain


CONFIRMED, SECONDARY = Verification.CONFIRMED, Verification.SECONDARY
BACKGROUND = Verification.BACKGROUND
# What a rule may rest on when it is called more than bank policy.
READ = frozenset({CONFIRMED, SECONDARY})


@dataclass(frozen=True)
class Source:
    """One text. `says_*` is a paraphrase, never a quotation; `article` is empty where no number was confirmed."""

    key: str
    verification: Verification
    name_zh: str
    name_en: str
    says_zh: str
    says_en: str
    article: str = ""
    address: str = ""


LAWS = "github LawRefBook/Laws @2f4c5c23"

SOURCES: tuple[Source, ...] = (
    Source(
        "OWNER",
        CONFIRMED,
        "本行要求",
        "The bank's own requirement",
        "任何渠道、任何路径，客户当地时间早八点之前、晚九点之后不得联系。",
        "No contact before 08:00 or from 21:00 on, customer's local time, by any channel or path.",
    ),
    Source(
        "POLICY",
        CONFIRMED,
        "本行内部制度",
        "The bank's own policy",
        "本行自行设定的约束，不是法律规定。",
        "A limit the bank set itself; it is not law.",
    ),
    Source(
        "CBA-2026",
        SECONDARY,
        "中国银行业协会《金融机构个人消费类贷款催收工作指引（试行）》（2026年1月30日）",
        "China Banking Association, guideline on the collection of personal consumer loans (30 January 2026)",
        "22时至次日8时不得催收；未接通时对同一联系方式当日不宜超过6次；不得骚扰无关第三人；不得虚夸债务；出示证件，"
        "未经同意不得进入住所或办公场所。",
        "No collection from 22:00 to 08:00; unconnected attempts at one number should not exceed six a day; no pressure on "
        "unrelated third parties; no overstated debt; identification shown; no entry to home or office without consent.",
        address="reportify.cn/social-media/768757111798201; epaper.csjrw.cn/csjrb/20260204",
    ),
    Source(
        "CBA-2026-22",
        SECONDARY,
        "中国银行业协会《金融机构个人消费类贷款催收工作指引（试行）》（2026年1月30日）",
        "China Banking Association, guideline on the collection of personal consumer loans (30 January 2026)",
        "外访催收应由不少于两名催收人员共同进行。",
        "A visit is made by no fewer than two collectors together.",
        article="22",
        address="163.com/dy/article/KKKKMEEH0553TEXM.html",
    ),
    Source(
        "GBT-45251",
        SECONDARY,
        "GB/T 45251-2025《互联网金融 个人网络消费信贷 贷后催收风控指引》",
        "GB/T 45251-2025, risk control of collection after online consumer lending",
        "向债务人本人催收；仅在其失联、死亡或无民事行为能力时方可联系联系人，且一经拒绝不得再联系；"
        "22时至次日8时不得催收；每日有效语音通话不超过3次。",
        "Collect from the debtor; a contact person only when the debtor is out of reach, dead or incapable, and never after "
        "a refusal; not from 22:00 to 08:00; at most three effective voice calls a day.",
        article="5",
        address="qijiantest.com/detail/7342.html",
    ),
    Source(
        "CARD-68",
        SECONDARY,
        "《商业银行信用卡业务监督管理办法》",
        "Measures for the credit card business of commercial banks",
        "只向债务人本人及担保人催收；过程记录至少保存两年。",
        "Collect from debtor and guarantor only; the process is recorded and kept at least two years.",
        article="68",
        address="wwpfw.com/xinyongqiataoxian/96746.html",
    ),
    Source(
        "CARD-69",
        SECONDARY,
        "《商业银行信用卡业务监督管理办法》",
        "Measures for the credit card business of commercial banks",
        "催收函应载明规定事项；持卡人提出异议的，应给予标注并及时核实。",
        "A collection letter names the prescribed items; on an objection the account is annotated and verified.",
        article="69",
        address="wwpfw.com/xinyongqiataoxian/96746.html",
    ),
    Source(
        "CARD-70",
        CONFIRMED,
        "《商业银行信用卡业务监督管理办法》",
        "Measures for the credit card business of commercial banks",
        "个性化分期还款协议最长五年；达成协议后应停止催收，持卡人不履行协议的除外。",
        "A personal instalment agreement lasts at most five years; once made, collection stops unless it is broken.",
        article="70",
        address="m.yktchina.com/xyk/xyk/2022/0913/46444.html",
    ),
    Source(
        "PIPL-6",
        CONFIRMED,
        "《中华人民共和国个人信息保护法》",
        "Personal Information Protection Law",
        "处理个人信息应限于实现目的的最小范围。",
        "Personal information is processed to the least extent its purpose needs.",
        article="6",
        address=LAWS,
    ),
    Source(
        "PIPL-19",
        CONFIRMED,
        "《中华人民共和国个人信息保护法》",
        "Personal Information Protection Law",
        "保存期限应为实现处理目的所必要的最短时间。",
        "Kept no longer than the purpose needs.",
        article="19",
        address=LAWS,
    ),
    Source(
        "PIPL-24",
        CONFIRMED,
        "《中华人民共和国个人信息保护法》",
        "Personal Information Protection Law",
        "自动化决策应透明公平；个人有权要求说明并拒绝仅由自动化作出的决定。",
        "Automated decisions are transparent and fair; a person may ask for an explanation and refuse a machine's word alone.",
        article="24",
        address=LAWS,
    ),
    Source(
        "PIPL-28",
        CONFIRMED,
        "《中华人民共和国个人信息保护法》",
        "Personal Information Protection Law",
        "金融账户、医疗健康、行踪轨迹等属敏感个人信息。",
        "Financial accounts, health and whereabouts are sensitive.",
        article="28",
        address=LAWS,
    ),
    Source(
        "PIPL-31",
        CONFIRMED,
        "《中华人民共和国个人信息保护法》",
        "Personal Information Protection Law",
        "处理不满十四周岁未成年人信息须取得监护人同意。",
        "Information of children under 14 needs the guardian's consent.",
        article="31",
        address=LAWS,
    ),
    Source(
        "PIPL-44",
        CONFIRMED,
        "《中华人民共和国个人信息保护法》",
        "Personal Information Protection Law",
        "个人有权限制或拒绝他人处理其个人信息。",
        "A person may restrict or refuse the processing of their information.",
        article="44",
        address=LAWS,
    ),
    Source(
        "PIPL-49",
        CONFIRMED,
        "《中华人民共和国个人信息保护法》",
        "Personal Information Protection Law",
        "自然人死亡的，其近亲属可行使有关权利。",
        "After death the close relatives may exercise certain rights.",
        article="49",
        address=LAWS,
    ),
    Source(
        "PIPL-51",
        CONFIRMED,
        "《中华人民共和国个人信息保护法》",
        "Personal Information Protection Law",
        "应采取分类管理、加密、去标识化和权限控制等措施。",
        "Classification, encryption, de-identification and access control.",
        article="51",
        address=LAWS,
    ),
    Source(
        "CIVIL-CODE-17",
        BACKGROUND,
        "《中华人民共和国民法典》",
        "Civil Code",
        "十八周岁以上的自然人为成年人。",
        "Majority at eighteen.",
        article="17",
    ),
    Source(
        "CIVIL-CODE-1033",
        CONFIRMED,
        "《中华人民共和国民法典》",
        "Civil Code",
        "未经明确同意，不得侵扰私人生活安宁，不得进入、拍摄他人住宅等私密空间。",
        "Without explicit consent nobody disturbs private life, or enters or films a home.",
        article="1033",
        address=LAWS,
    ),
    Source(
        "CRIMINAL-245",
        CONFIRMED,
        "《中华人民共和国刑法》",
        "Criminal Law",
        "非法侵入他人住宅构成犯罪。",
        "Unlawful entry to a home is a crime.",
        article="245",
        address=LAWS,
    ),
    Source(
        "CREDIT-14",
        CONFIRMED,
        "《征信业管理条例》",
        "Regulation on the credit reporting industry",
        "征信机构不得采集疾病和病史等信息。",
        "Credit bureaus may not hold medical history.",
        article="14",
        address=LAWS,
    ),
    Source(
        "CREDIT-15",
        CONFIRMED,
        "《征信业管理条例》",
        "Regulation on the credit reporting industry",
        "提供不良信息应事先告知信息主体本人。",
        "The person is told before adverse information is provided.",
        article="15",
        address=LAWS,
    ),
    Source(
        "CREDIT-25",
        CONFIRMED,
        "《征信业管理条例》",
        "Regulation on the credit reporting industry",
        "收到异议应标注、核查，并自收到之日起20日内书面答复。",
        "An objection is annotated, checked and answered in writing within twenty days.",
        article="25",
        address=LAWS,
    ),
    Source(
        "PUBLIC-SECURITY-50",
        SECONDARY,
        "《中华人民共和国治安管理处罚法》（2025年修订）",
        "Public Security Administration Punishments Law (2025)",
        "公安机关可责令一定期限内禁止接触被侵害人。",
        "The police may forbid contact with the victim for a time.",
        article="50(2)",
        address="spp.gov.cn/spp/fl/202506/t20250627_699863.shtml",
    ),
    Source(
        "CARD-CASES-7",
        CONFIRMED,
        "两高《关于办理妨害信用卡管理刑事案件的解释》（2018年修正）",
        "Judicial interpretation on credit card crime (2018)",
        "有效催收的认定以录音、送达、签收等原始证据为准。",
        "Effective collection is judged on original evidence: recordings, delivery, receipts.",
        article="7",
        address=LAWS,
    ),
    Source(
        "HOLIDAYS-2024",
        CONFIRMED,
        "《全国年节及纪念日放假办法》（2024年修订）",
        "Measures on national holidays and memorial days (2024)",
        "元旦、春节、清明、劳动节、端午、中秋、国庆的法定放假日。",
        "The statutory holidays.",
        article="2",
        address=LAWS,
    ),
    Source(
        "CONSUMER-FINANCE-RECORDS",
        SECONDARY,
        "《消费金融公司管理办法》（2024）",
        "Measures for consumer finance companies (2024)",
        "催收记录至少保存五年（约束消费金融公司，本行参照）。",
        "Collection records are kept at least five years (binds consumer finance companies; a model for the bank).",
    ),
    Source(
        "TZ-DATABASE",
        CONFIRMED,
        "IANA 时区数据库",
        "IANA time zone database",
        "新疆同时使用北京时间和新疆时间。",
        "Xinjiang uses both Beijing time and its own.",
        address="eggert/tz, file asia",
    ),
    Source(
        "REG-F-6B",
        CONFIRMED,
        "美国《F条例》12 CFR 1006.6(b)",
        "United States, Regulation F, 12 CFR 1006.6(b)",
        "消费者所在地8点前、21点后及已知不便的时间地点不得联系。",
        "Not before 8 a.m. or after 9 p.m. where the consumer is, nor at times and places known to be inconvenient.",
        article="1006.6(b)",
        address="lawserver.com, 12 CFR 1006.6",
    ),
    Source(
        "REG-F-LOCATIONS",
        BACKGROUND,
        "美国《F条例》官方评注",
        "United States, Regulation F, commentary",
        "所在地不明时，须在所有可能地点均为方便时间。",
        "When several locations are possible, the time must be convenient in all of them.",
    ),
    Source(
        "REG-F-14B",
        CONFIRMED,
        "美国《F条例》12 CFR 1006.14(b)",
        "United States, Regulation F, 12 CFR 1006.14(b)",
        "7日内不超过7次呼叫，通话后7日内不再呼叫（通话当日为第一日）；为推定标准。",
        "At most seven calls in seven days and none within seven days of a conversation, its day being day one; a presumption.",
        article="1006.14(b)(2)",
        address="law.lawstack.com/cfr/12/1006.14/",
    ),
    Source(
        "MA-209-CMR-18",
        CONFIRMED,
        "美国马萨诸塞州 209 CMR 18",
        "Massachusetts, 209 CMR 18",
        "8点至21点；7日内不超过2次电话或短信。",
        "8 to 21; at most two calls or texts in seven days.",
        article="18.16",
        address="law.cornell.edu/regulations/massachusetts/209-CMR-18-16",
    ),
    Source(
        "UK-CONC-7",
        CONFIRMED,
        "英国金融行为监管局 CONC 7",
        "United Kingdom, FCA, CONC 7",
        "对特别脆弱的客户应中止并另行处理。",
        "Particularly vulnerable customers are treated apart.",
        article="7.9",
        address="handbook.fca.org.uk, CONC 7.9",
    ),
    Source(
        "UK-CONC-7-9-12",
        CONFIRMED,
        "英国金融行为监管局 CONC 7.9.12",
        "United Kingdom, FCA, CONC 7.9.12",
        "上门前须充分通知目的和预期结果；不得在不适当地点访问。",
        "Adequate notice of a visit with purpose and intended outcome; not at an inappropriate place.",
        article="7.9.12 R",
        address="handbook.fca.org.uk, CONC 7.9",
    ),
    Source(
        "UK-CONC-7-9-14",
        BACKGROUND,
        "英国金融行为监管局 CONC 7.9.14",
        "United Kingdom, FCA, CONC 7.9.14",
        "不得对特别脆弱的客户上门，未经同意不得进入。",
        "No visit to somebody particularly vulnerable; no entry without consent.",
    ),
    Source(
        "RG-96-4",
        CONFIRMED,
        "澳大利亚 RG 96 第4节",
        "Australia, RG 96, section 4",
        "工作日7:30至21:00、周末9:00至21:00；当面9:00至21:00；全国公共假日不联系。",
        "7:30–21 on weekdays, 9–21 at week-ends; face to face 9–21; not on national public holidays.",
        article="4",
        address="accc.gov.au, RG 96, hours of contact",
    ),
    Source(
        "RG-96-5",
        CONFIRMED,
        "澳大利亚 RG 96 第5节",
        "Australia, RG 96, section 5",
        "每周不超过3次、每月不超过10次实际联系。",
        "At most three actual contacts a week and ten a month.",
        article="5",
        address="accc.gov.au, RG 96, frequency of contact",
    ),
    Source(
        "RG-96-7",
        SECONDARY,
        "澳大利亚 RG 96 第7节",
        "Australia, RG 96, section 7",
        "上门是最后手段，每月最多一次，客户拒绝应尊重。",
        "A visit is the last resort, once a month at most; a refusal is respected.",
        article="7",
        address="accc.gov.au, RG 96, face-to-face contact; choice.com.au",
    ),
    Source(
        "IN-RBI-2022",
        CONFIRMED,
        "印度储备银行通函（2022年8月12日）",
        "Reserve Bank of India, circular of 12 August 2022",
        "8点至19点以外不得致电。",
        "No calls outside 08:00–19:00.",
        address="business-standard.com; mid-day.com",
    ),
    Source(
        "IN-RBI-2026",
        CONFIRMED,
        "印度储备银行指令草案（2026年2月）",
        "Reserve Bank of India, draft directions (February 2026)",
        "联系、电话和上门均限8点至19点；丧事、灾害、婚礼、节日期间不联系。是否定稿未查到。",
        "Contact, calls and visits 08:00–19:00; none during bereavement, calamity, marriage, festival. Final status not found.",
        address="website-rbi.tumodo.io",
    ),
    Source(
        "TH-DCA",
        CONFIRMED,
        "泰国《债务催收法》（2015）",
        "Thailand, Debt Collection Act (2015)",
        "周一至周五8至20点，公共假日8至18点。",
        "Monday to Friday 8–20, public holidays 8–18.",
        address="thairesidents.com; thailandrecorder.com",
    ),
    Source(
        "TH-DCA-2019",
        CONFIRMED,
        "泰国催收监管委员会公告（2019年11月21日起）",
        "Thailand, notification in force since 21 November 2019",
        "每日不超过一次。",
        "Once a day.",
        address="thairesidents.com",
    ),
    Source(
        "KR-PDPA",
        CONFIRMED,
        "韩国《个人金融债权管理及个人金融债务人保护法》（2024年10月17日）",
        "Korea, Personal Debtor Protection Act (17 October 2024)",
        "7日内不超过7次（含上门）；每周可指定最多28小时不联系；灾害、住院、丧事暂停；时效届满不得催收。",
        "Seven contacts in seven days, visits included; up to 28 hours a week without contact; suspension for disaster, "
        "hospital and death; none when time-barred.",
        address="sci.co.kr; ytn.co.kr; cm.asiae.co.kr",
    ),
    Source(
        "KR-NIGHT",
        BACKGROUND,
        "韩国夜间（21点至次日8点）禁止催收",
        "Korea, no collection at night (21:00 to 08:00)",
        "未查到条文。",
        "No text was read.",
    ),
    Source(
        "JP-21",
        CONFIRMED,
        "日本《贷金业法》第21条",
        "Japan, Money Lending Business Act, art. 21",
        "不适当时段、无正当理由的工作场所不得催收；要求离开须离开。",
        "Not at improper hours, nor at the workplace without good reason; one leaves when told to.",
        article="21",
        address="d-cash.zei-navi.com/loan01/097.html",
    ),
    Source(
        "JP-CALLS",
        BACKGROUND,
        "日本行业惯例：每日不超过3次电话",
        "Japan, practice of the industry: three calls a day",
        "来源薄弱，未确认。",
        "A weak source, not confirmed.",
    ),
)

PACKAGED: dict[str, Source] = {source.key: source for source in SOURCES}
