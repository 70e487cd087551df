"""What decent people write. Not a word of it may be refused; a line that was refused by mistake once belongs here."""

ZH = """
您好，感谢您一直以来的支持。
您有一条服务通知，请登录我行官方渠道查看。
如已办理，请忽略本短信。
如有困难，欢迎来电，我们一起想办法。
请您坐在大厅稍等片刻。牢记密码，谨防泄露。
请坐，牢固的防护栏已安装。
我行地址：包头市青山区法院路12号。
网点位于法院街与公安巷交叉口。
请在人民法院对面的公交站下车。
我行位于市公安局东侧三百米。
请乘坐3路公交到检察院站下车。
谨防冒充公安、法院、检察院的诈骗电话。
如有人自称警察要求转账，请拨打我行官方电话核实。
我行工作人员不会要求您向个人账户转账。
我行不收取现金，请勿向个人账户转账。
我行从不索取密码或验证码。
请勿私下交易。
我行不会收取手续费。
警惕以我行名义进行的诈骗。
提防骗子，保护好个人信息。
您有权向有管辖权的人民法院提起诉讼。
您也可以申请仲裁或向人民法院起诉。
如对金额有异议，请来电，我们会核实后答复您。
您可以携带身份证到营业网点办理。
来访人员不少于两名，会主动出示工作证件。
时间不方便？请来电改约。
您约定的事项日期为11月23日，请留意。
祝您和家人身体健康，工作顺利！
感谢您通知我们新的联系方式。
请告诉我们您方便的时间。
本次服务由包头支行提供，工号1024。
我行营业时间为周一至周五9:00至17:00。
您的意见已收到，我们将在十五日内答复。
您反映的问题我们非常重视，现将处理情况告知如下。
经核实，我行工作人员在沟通中用语不当，我们向您诚恳道歉。
您申请的个性化分期方案已受理。
感谢您配合我们的核实工作。
请登录手机银行修改密码，不要把密码告诉任何人。
疫情期间，请做好防护。
本小区正在限高两米的地下车库施工，请注意。
名单公布后，请及时查看录取结果。
单位食堂今日供应面条。
他的家人都很好。
老师通知我明天开会。
我们已为您登记，编号20261120001。
请您拨打400-000-0000或0472-5550100。
国旗法规定升旗时应当肃立。
起点在人民公园，终点在体育馆。
请诉说您的需求。
保全部门同事将与您联系安装门禁。
春节期间网点正常营业。
元旦放假一天，元宵节正常营业。
地块规划图请到大厅领取。
公元二零二六年十一月二十日
请于3个月内领取您的新卡。
""".strip().splitlines()

EN = """
Hello, thank you for being our customer.
There is a service notice for you; please see it in our official app.
If it is done already, please ignore this message.
If it is difficult, ring us and we will look for a way together.
Our branch is at 12 Court Road, next to the tennis court.
The branch is in Court Street, flat 3.
Beware of callers who pretend to be the police.
We never ask you to transfer money to a personal account.
Do not tell anyone your password.
Our staff never take cash.
You may bring the matter before the court.
You have the right to object and to take legal action.
You are free to go to arbitration.
Members of our staff plan to call on you on 20 November at about 10:00.
At least two people will come.
They will show their staff cards before anything else.
You told us that you wear rest shoes because of an injury.
It is in your interest to keep your details up to date.
We are sorry for the tone of our call.
We looked into your complaint and found that you were right.
The matter is of no urgency.
Sue from our branch will ring you back.
Thank you for telling us about your new address.
Please choose a time that suits you and your family.
Opening hours are from nine to five.
Your suggestion was passed on to our colleagues.
Judge for yourself: come and see us.
The principal of the school thanked us.
""".strip().splitlines()
