from compliance.rules.rule import Rule

THIRD_PARTIES: tuple[Rule, ...] = ()
