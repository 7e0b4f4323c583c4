"""Names drawn from realistic frequencies, and the small ways in which a bank writes a name otherwise."""

import numpy as np
import pyarrow as pa
import pyarrow.compute as pc

# Frequent surnames of central Gansu, most frequent first (weights fall off slowly).
SURNAMES = (
    "王张李马杨陈刘赵何魏郭董汪徐孙朱周吴高杜曹史牛孟韩许景康苏范冯常田石白谢罗梁丁贾雷樊郑包邵龚漆裴蒲宋安蔡曾水岳陆"
    "姚任金黄胡唐郎毛薛侯贺乔温柴蒋尚万潘司段龙邢卢谭师庞祁伏令芦岢卜"
)
_OLD_MEN = "有福贵全生成财德明义忠孝仁清良学文武进禄寿海山河林森根发荣华国建军民强富喜旺顺昌万春永世俊彦百岁银金"
_OLD_WOMEN = "桂兰英秀珍芳梅玉凤莲菊香翠花霞琴淑云彩巧爱菲娥改女转过存换喜凤环银秋月"
_YOUNG_MEN = "伟强磊军勇涛斌辉鹏飞杰浩亮超波龙宁宏凯旭东博文轩宇航子豪嘉俊熙天佑家乐小平雄"
_YOUNG_WOMEN = "丽娟敏静燕艳霞婷雪慧红晓莉娜萍倩玲芬梦欣怡雨涵思佳悦诗彤小花蓉薇瑞洁妍"
_SINGLE = ("伟", "强", "军", "芳", "霞", "英", "明", "红", "刚", "丽", "平", "玲", "宏", "梅", "龙", "兰")
# Hui and other Muslim names as registers write them, and Tibetan ones.
_LONG_FIRST = ("穆罕默德", "阿卜杜拉", "尤素福", "易卜拉欣", "法图麦", "海迪彻", "艾米娜", "索菲亚", "哈吉", "伊斯玛仪")
_LONG_LAST = ("马木提", "苏来曼", "达吾提", "哈桑", "侯赛因", "阿里", "尔撒", "穆萨", "白克热", "买买提江")
_TIBETAN = ("扎西才让", "卓玛草", "才让东主", "桑吉卓玛", "仁青加", "拉毛草", "贡保才让", "旦正吉", "更登加措", "德吉措毛")
_HOMOPHONES = {"伟": "玮", "红": "宏", "英": "瑛", "梅": "玫", "军": "君", "霞": "侠", "玲": "铃", "平": "萍", "明": "铭", "珍": "贞"}


def draw(rng: np.random.Generator, male: np.ndarray, born_year: np.ndarray) -> np.ndarray:
    """One name per person (object array of str), by sex and generation."""
    count = len(male)
    weights = 1.0 / (np.arange(len(SURNAMES)) + 6.0)
    surnames = np.array(list(SURNAMES), object)[rng.choice(len(SURNAMES), count, p=weights / weights.sum())]
    given = np.empty(count, object)
    old = born_year < 1972
    for letters, chosen in (
        (_OLD_MEN, male & old),
        (_OLD_WOMEN, ~male & old),
        (_YOUNG_MEN, male & ~old),
        (_YOUNG_WOMEN, ~male & ~old),
    ):
        pool = np.array(list(letters), object)
        size = int(chosen.sum())
        given[chosen] = pool[rng.integers(0, len(pool), size)] + pool[rng.integers(0, len(pool), size)]
    single = rng.random(count) < 0.14
    given[single] = np.array(_SINGLE, object)[rng.integers(0, len(_SINGLE), int(single.sum()))]
    names = surnames + given
    kind = rng.random(count)
    long = kind < 0.006
    size = int(long.sum())
    first = np.array(_LONG_FIRST, object)[rng.integers(0, len(_LONG_FIRST), size)]
    names[long] = first + "·" + np.array(_LONG_LAST, object)[rng.integers(0, len(_LONG_LAST), size)]
    tibetan = (kind >= 0.006) & (kind < 0.012)
    names[tibetan] = np.array(_TIBETAN, object)[rng.integers(0, len(_TIBETAN), int(tibetan.sum()))]
    return names


def as_the_bank_writes(rng: np.random.Generator, names: np.ndarray) -> np.ndarray:
    """The same names as a bank's core holds them: nearly all equal, some with a space, another dot, or a homophone."""
    written = names.copy()
    lot = rng.random(len(names))
    lengths = pc.utf8_length(pa.array(names, pa.string())).to_numpy()
    for index in np.flatnonzero((lot < 0.015) & (lengths == 2)):
        written[index] = names[index][0] + "\u3000" + names[index][1]
    for index in np.flatnonzero(lengths > 4):
        if "·" in names[index] and lot[index] < 0.6:
            written[index] = names[index].replace("·", "." if lot[index] < 0.3 else "•")
    for index in np.flatnonzero((lot > 0.99) & (lengths <= 3)):
        other = _HOMOPHONES.get(names[index][-1])
        if other:
            written[index] = names[index][:-1] + other
    return written
