"""Which office of a government sends: a department, a police station or a township, by the words behind the name of its place."""

import re

# Departments by the words that begin their names, behind the place; the first that is met names the office.
_DEPARTMENTS = {
    "public_security": r"公安(部|厅|局|处)?|户政(大队|科|处|中心)|派出所",
    "civil_affairs": r"民政(部|厅|局|科)|殡葬(管理|服务|执法)?(所|中心|站)|殡仪馆|火葬场|(社会)?救助(管理)?(局|(服务)?中心|站)|低保(办|局)",
    "disabled_federation": r"残联|残疾人联合会",
    "treasury": r"(财政)?国库(集中)?(支付)?(中心|局|股|科)?",
    "finance": r"财政(部|厅|局)",
    "human_resources": r"人社(厅|局)|人力资源(和|与)?社会保障(厅|局)|社(会)?保(险)?(事业)?(管理)?(局|中心)",
    "health": r"卫健(委|局)|卫生(和)?(健康|计生|计划生育)?(委员会|委|局)|疾控中心|疾病预防控制中心",
    "medical_insurance": r"医(疗)?保(障)?局",
    "rural_affairs": r"农业农村局|乡村振兴局|扶贫(办|开发办公室)",
    "justice": r"人民法院|法院|人民检察院|检察院|司法局",
    "audit": r"审计(署|厅|局)",
    "discipline": r"纪委(监委)?|监委|巡察办",
    "government": r"人民政府(办公[厅室])?",
}  # fmt: skip
DEPARTMENT = "|".join(_DEPARTMENTS.values())
_SECTION = r"(.*(科|股|处|室|中心|专户|所|站|大队|支队|分局|窗口|办))?"
_DEPARTMENT = {code: re.compile(rf"({words}){_SECTION}") for code, words in _DEPARTMENTS.items()}
_STATION = re.compile(r"(公安局)?(?P<name>[一-龥]{1,8}派出所)")
_TOWNSHIP = re.compile(
    r"(?P<name>[一-龥]{1,10}?(镇|乡|街道|苏木))(人民政府|政府|党委|办事处|管委会)?"
    r"((党政|综合|民政|社会事务|社会救助|便民服务|公共服务|财政|扶贫|乡村振兴|残联).{0,8}(办|所|站|中心|办公室))?"
)
# 定西市公安局安定分局 serves the district of that name.
_BRANCH = re.compile(r"公安局(?P<place>[一-龥]{2,8}?)(公安)?分局.*")


def find_office(words: str) -> str | None:
    """`civil_affairs`, `public_security:城关派出所`, `township:清源镇` …; None unless the words are the name of an office whole."""
    if station := _STATION.fullmatch(words):
        return f"public_security:{station['name']}"
    if township := _TOWNSHIP.fullmatch(words):
        return f"township:{township['name']}"
    return next((code for code, pattern in _DEPARTMENT.items() if pattern.fullmatch(words)), None)


def branch_place(words: str) -> str | None:
    """The district that a branch of a city's public security is named after."""
    found = _BRANCH.fullmatch(words)
    return found["place"] if found else None
