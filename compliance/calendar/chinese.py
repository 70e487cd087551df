"""What foreign holidays are called in Chinese. The package speaks Chinese about China only."""

ENDINGS = {" (estimated)": "（推定）", " (observed)": "（补假）", " (in lieu)": "（补假）"}
ALTERNATIVE = "Alternative holiday for "

NAMES = {
    "ANZAC Day": "澳新军团日",
    "Adelaide Cup Day": "阿德莱德杯日",
    "Armed Forces Day": "国军日",
    "Asarnha Bucha": "三宝佛节",
    "Ashura": "阿舒拉节",
    "Australia Day": "澳大利亚日",
    "Autumnal Equinox Day": "秋分日",
    "Battle of the Boyne": "博因河战役纪念日",
    "Boxing Day": "节礼日",
    "Bridge Public Holiday": "连休特别假日",
    "Buddha Purnima": "佛诞节",
    "Buddha's Birthday": "佛诞日",
    "Buddhist Lent Day": "守夏节",
    "Canberra Day": "堪培拉日",
    "Chakri Memorial Day": "却克里王朝纪念日",
    "Children's Day": "儿童节",
    "Christmas": "圣诞节",
    "Christmas Day": "圣诞节",
    "Chuseok": "中秋节",
    "Columbus Day": "哥伦布日",
    "Coming of Age Day": "成人之日",
    "Constitution Day": "宪法日",
    "Coronation Day": "加冕日",
    "Culture Day": "文化之日",
    "Diwali": "排灯节",
    "Dr. B. R. Ambedkar's Birthday": "安贝德卡尔诞辰",
    "Dussehra": "十胜节",
    "Easter Monday": "复活节星期一",
    "Easter Saturday": "复活节星期六",
    "Easter Sunday": "复活节",
    "Eid al-Adha": "宰牲节",
    "Eid al-Fitr": "开斋节",
    "Eight Hours Day": "八小时工作日",
    "Election Day": "选举日",
    "Emperor's Birthday": "天皇诞生日",
    "Foundation Day": "建国纪念日",
    "Friday before the AFL Grand Final": "澳式足球总决赛前星期五",
    "Good Friday": "耶稣受难日",
    "Greenery Day": "绿之日",
    "Guru Nanak's Birthday": "那纳克诞辰",
    "HM King Bhumibol Adulyadej Memorial Day": "普密蓬国王纪念日",
    "HM King Bhumibol Adulyadej the Great's Birthday": "普密蓬国王诞辰",
    "HM King Chulalongkorn Memorial Day": "朱拉隆功国王纪念日",
    "HM King Maha Vajiralongkorn's Birthday": "哇集拉隆功国王诞辰",
    "HM Queen Sirikit The Queen Mother's Birthday": "诗丽吉王太后诞辰",
    "HM Queen Suthida's Birthday": "素提达王后诞辰",
    "Hangul Day": "韩文日",
    "Holi": "洒红节",
    "Independence Day": "独立日",
    "Independence Movement Day": "三一节",
    "Janmashtami (Vaishnava)": "黑天神诞辰",
    "Juneteenth National Independence Day": "六月节",
    "King's Birthday": "国王诞辰",
    "Korean New Year": "春节",
    "Labor Day": "劳动节",
    "Labor Thanksgiving Day": "勤劳感谢日",
    "Late Summer Bank Holiday": "夏末银行假日",
    "Liberation Day": "光复节",
    "Lincoln's Birthday": "林肯诞辰",
    "Local Election Day": "地方选举日",
    "Maha Shivaratri": "湿婆节",
    "Mahatma Gandhi's Birthday": "甘地诞辰",
    "Mahavira's Birthday": "大雄诞辰",
    "Makha Bucha": "万佛节",
    "Marine Day": "海之日",
    "Martin Luther King Jr. Day": "马丁·路德·金纪念日",
    "May Day": "五朔节",
    "Melbourne Cup Day": "墨尔本杯日",
    "Memorial Day": "阵亡将士纪念日",
    "Mountain Day": "山之日",
    "National Assembly Election Day": "国会选举日",
    "National Children's Day": "儿童节",
    "National Day": "国庆日",
    "National Father's Day": "父亲节",
    "National Foundation Day": "开天节",
    "National Holiday": "国民休息日",
    "National Labor Day": "劳动节",
    "National Mother's Day": "母亲节",
    "New Year Holiday": "新年假日",
    "New Year's Day": "元旦",
    "New Year's Eve": "年末日",
    "Patriots' Day": "爱国者日",
    "Picnic Day": "野餐日",
    "Presidential Election Day": "总统选举日",
    "Proclamation Day": "宣告日",
    "Prophet's Birthday": "圣纪节",
    "Ram Navami": "罗摩诞辰",
    "Reconciliation Day": "和解日",
    "Republic Day": "共和国日",
    "Respect for the Aged Day": "敬老日",
    "Saint Andrew's Day": "圣安德鲁日",
    "Saint Patrick's Day": "圣帕特里克节",
    "Scotland's participation in the FIFA World Cup final": "苏格兰参加世界杯决赛圈特别假日",
    "Showa Day": "昭和之日",
    "Songkran Festival": "宋干节",
    "Sports Day": "体育之日",
    "Spring Bank Holiday": "春季银行假日",
    "Substitute Holiday": "补假",
    "Summer Bank Holiday": "夏季银行假日",
    "Susan B. Anthony Day": "苏珊·安东尼日",
    "Temporary Public Holiday": "临时公休日",
    "Thanksgiving Day": "感恩节",
    "The Royal Queensland Show": "昆士兰皇家展览日",
    "The day preceding Chuseok": "中秋节前一日",
    "The day preceding Korean New Year": "春节前一日",
    "The second day of Chuseok": "中秋节次日",
    "The second day of Korean New Year": "春节次日",
    "Vernal Equinox Day": "春分日",
    "Veterans Day": "退伍军人节",
    "Visakha Bucha": "卫塞节",
    "Washington's Birthday": "华盛顿诞辰",
    "Western Australia Day": "西澳大利亚日",
}

# One English name, another meaning.
OF_COUNTRY = {
    ("KR", "Constitution Day"): "制宪节",
    ("KR", "Memorial Day"): "显忠日",
    ("JP", "Constitution Day"): "宪法纪念日",
    ("AU", "May Day"): "劳动节",
}


def chinese_name(country: str, english: str) -> str:
    """The Chinese for a name as the package writes it, several of one day joined by `; `.

    A name not known here stays English: a day without a name would be worse.
    """
    return "、".join(_one(country, name) for name in english.split("; "))


def _one(country: str, name: str) -> str:
    for ending, said in ENDINGS.items():
        if name.endswith(ending):
            return _one(country, name.removesuffix(ending)) + said
    if name.startswith(ALTERNATIVE):
        return _one(country, name.removeprefix(ALTERNATIVE)) + "（补假）"
    return OF_COUNTRY.get((country, name)) or NAMES.get(name, name)
