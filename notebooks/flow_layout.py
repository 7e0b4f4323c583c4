"""Where the places of mart_flow stand in the picture of flows: column, words and colour of each node."""

from collections.abc import Iterable, Mapping

from onecard.catalogue.titles import LEVELS, MONEY, PLACES

GOVERNMENT, BANK, CARD, ORIGIN, RESTING, UNKNOWN = "#486581", "#3e7cb1", "#2f9e6e", "#9fb3c8", "#e8833a", "#cbd2d9"


def layout(flows: Iterable[Mapping[str, str]]) -> tuple[dict[str, float], dict[str, str], dict[str, str]]:
    """(column, words, colour) by node of `flows` (source_node, target_node); governments above, money at rest below them."""
    levels, flows = list(LEVELS), list(flows)
    columns: dict[str, float] = {level: at + 1 for at, level in enumerate(levels)}
    names = {level: str(LEVELS[level]) for level in levels}
    colours = dict.fromkeys(levels, GOVERNMENT)

    def stand(node: str, column: float, words: str, colour: str) -> None:
        columns[node], names[node], colours[node] = column, words, colour

    stand("bank", len(levels) + 1, "代发银行 banks", BANK)
    stand("card", len(levels) + 2, "一卡通 cards", CARD)
    for at, level in enumerate(levels):
        zh = LEVELS[level].zh
        stand(f"own_{level}", at, f"{zh}{MONEY['own_fen']}", ORIGIN)
        stand(f"carry_in_{level}", at, f"{zh}{MONEY['carry_in_fen']}", ORIGIN)
        stand(f"resting_{level}", at + 2, f"{zh}{MONEY['resting_fen']}", RESTING)
        stand(f"carried_on_{level}", at + 2, f"{zh}{MONEY['carried_on_fen']}", RESTING)
    for place, words in PLACES.items():
        # Beside the last place from which money leaves for it.
        leaves = [columns[flow["source_node"]] for flow in flows if flow["target_node"] == place and flow["source_node"] in columns]
        stand(place, max(leaves, default=len(levels)) + 1, words.zh, RESTING)
    for flow in flows:
        for node in (flow["source_node"], flow["target_node"]):
            if node not in columns:
                stand(node, 0, node, UNKNOWN)
    return columns, names, colours
